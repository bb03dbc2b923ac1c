/** Larkfield Joinery, which there is nowhere: its hosts are of `.example` (RFC 2606), its numbers of those kept for drama. */
export const firm = { name: 'Larkfield Joinery', host: 'larkfield.example', group: 'workshop' } as const

/** Who works there; the first one runs the server. */
export const colleagues = [
  { name: 'anna', displayName: 'Anna Larkfield' },
  { name: 'ben', displayName: 'Ben Okafor' },
  { name: 'carla', displayName: 'Carla Mendes' },
] as const

/** A company that the firm has to do with. */
export interface Company {
  readonly name: string
  readonly host: string
  readonly city: string
  readonly street: string
  readonly code: string
  readonly labels: readonly string[]
  readonly role: 'customer' | 'supplier' | 'partner' | 'lead' | 'competitor' | 'press'
  readonly note: string
}

const company = (
  name: string,
  [city, street, code]: readonly [string, string, string],
  role: Company['role'],
  labels: readonly string[],
  note: string,
): Company => {
  const host = `${name
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/-$/, '')}.example`
  return { name, host, city, street, code, labels, role, note }
}

export const companies: readonly Company[] = [
  company(
    'Bright & Moor Architects',
    ['Leeds', '14 Foundry Walk', 'LS11 5QP'],
    'partner',
    ['Architects'],
    'Sends us two or three houses a year. Wants drawings back within a week.',
  ),
  company(
    'Studio Halden',
    ['York', '3 Minster Yard', 'YO1 7JF'],
    'partner',
    ['Architects'],
    'Listed buildings. Every profile is matched to the old one.',
  ),
  company(
    'Castlegate Homes',
    ['Sheffield', '88 Castlegate', 'S3 8LT'],
    'customer',
    ['Builders', 'Key account'],
    'Stairs and doors for plots 1 to 24. Pays after 45 days.',
  ),
  company(
    'Penfold Builders',
    ['Harrogate', '5 Cold Bath Road', 'HG2 0NA'],
    'customer',
    ['Builders'],
    'Call before half past seven, later nobody answers.',
  ),
  company(
    'Northbeck Hotels',
    ['Ilkley', '1 The Grove', 'LS29 9PQ'],
    'customer',
    ['Hospitality', 'Key account'],
    'Three houses. Bars and reception desks; works only in January.',
  ),
  company(
    'The Quiet Cup',
    ['Leeds', '27 Call Lane', 'LS1 7BT'],
    'customer',
    ['Hospitality'],
    'Counter and shelves, oak, oiled.',
  ),
  company(
    'Wharfedale Schools Trust',
    ['Otley', '2 Manor Square', 'LS21 3AP'],
    'lead',
    ['Public'],
    'Tender for library fittings in spring.',
  ),
  company(
    'Dale & Sons Timber',
    ['Skipton', 'Canal Wharf', 'BD23 1RT'],
    'supplier',
    ['Suppliers'],
    'Oak, ash, larch. Delivers on Tuesdays.',
  ),
  company(
    'Ferro Ironmongery',
    ['Bradford', '40 Sunbridge Road', 'BD1 2AA'],
    'supplier',
    ['Suppliers'],
    'Hinges and locks. Ask for the trade list, not the shop price.',
  ),
  company(
    'Kestrel Coatings',
    ['Huddersfield', 'Unit 7, Colne Mill', 'HD1 3AY'],
    'supplier',
    ['Suppliers'],
    'Oil and lacquer; safety sheets are in the folder.',
  ),
  company(
    'Pike Glass',
    ['Wakefield', '12 Ings Road', 'WF1 1RN'],
    'supplier',
    ['Suppliers'],
    'Two weeks for toughened glass, three before Christmas.',
  ),
  company(
    'Aire Valley Transport',
    ['Shipley', 'Otley Road Depot', 'BD17 7DB'],
    'supplier',
    ['Suppliers'],
    'Tail lift has to be ordered.',
  ),
  company(
    'Moorside Kitchens',
    ['Bradford', '9 Thornton Road', 'BD8 7JS'],
    'competitor',
    ['Market'],
    'Cheaper, slower. We met them at the fair.',
  ),
  company(
    'Yorkshire Home Magazine',
    ['York', '61 Walmgate', 'YO1 9TX'],
    'press',
    ['Press'],
    'Wants pictures of the staircase in Ilkley.',
  ),
  company(
    'Elm Tree Lettings',
    ['Leeds', '200 Roundhay Road', 'LS8 4HE'],
    'lead',
    ['Builders'],
    'Forty flats, fire doors. Offer sent.',
  ),
]

/** What people do at companies; the first of a company is whom one calls. */
export const titles: Readonly<Record<Company['role'], readonly string[]>> = {
  customer: ['Site manager', 'Buyer', 'Director', 'Accounts'],
  supplier: ['Sales', 'Dispatch', 'Accounts', 'Yard manager'],
  partner: ['Architect', 'Partner', 'Technician', 'Office manager'],
  lead: ['Estates manager', 'Project lead', 'Assistant', 'Surveyor'],
  competitor: ['Managing director', 'Showroom', 'Fitter', 'Designer'],
  press: ['Editor', 'Photographer', 'Writer', 'Advertising'],
}
