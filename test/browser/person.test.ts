import { describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { expectGood, picture, signedIn, useChromium } from './browser.ts'
import { jane } from './jane.ts'

const server = useServer({ auth: { bcryptCost: 4 } })
const open = useChromium()
for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  describe(`the page of a person, ${viewport.width} wide`, () => {
    it('says all that the card says, and what happened', async () => {
      const alice = await server.account()
      const { id, company } = await jane(alice)
      await using tab = await open(server.url, { viewport })
      const { page } = tab
      await signedIn(tab, alice, `/contacts/${id}`)
      const article = page.getByRole('article', { name: 'Jane Doe' })
      for (const text of ['+49 171 1234567', 'Boat', 'Hauptstr. 5', '10115 Berlin', 'Washington, DC 20500'])
        await article.getByText(text).first().waitFor()
      await article
        .getByText(/May.*1980/)
        .first()
        .waitFor()
      await article.getByText('X-ODD-THING').waitFor()
      expect(await article.getByRole('link', { name: 'Call' }).getAttribute('href')).toBe('tel:+491711234567')
      await picture(page, 'person-details')
      await expectGood(tab)
      await page.getByRole('tab', { name: 'Timeline' }).click()
      await page.getByRole('list', { name: 'Pinned' }).getByText('Never call before ten.').waitFor()
      await page.getByText('12 minutes').waitFor()
      await picture(page, 'person-timeline')
      await expectGood(tab)
      await page.goto(`/contacts/${company}`)
      await page.getByRole('article', { name: 'Millner' }).getByRole('link', { name: 'Jane Doe' }).waitFor()
      await picture(page, 'company-details')
      await expectGood(tab)
    })
  })
}
