import { spelling } from './words.ts'

/**
 * Given names that the same person goes by, a group a line, in the languages the corpus and its neighbours are in. A short
 * form may stand in several groups: Alex is Alexander and Alexandra. Latin letters; other scripts are looked up transliterated.
 */
const groups = `
alexander alex alec sandy sascha sasha sacha xander aleksandr aleksander alessandro alejandro alexandros alexandre oleksandr sandro
alexandra alex sandra sandy sascha sasha aleksandra alessandra alejandra oleksandra lexi
andrew andy drew andreas andrea andre andrei andrey andrej andres andrzej anders andrii
anna anne ann annie anja anya hannah hanna ania anouk annika ana
anthony tony antonio antoine anton antonios antoni toni
antonia toni tonia antonina
barbara babs barb babsi bärbel barbra
benjamin ben benny benji beniamino
bernard bernhard bernd bernie bernardo
catherine kate katie cathy kathy cat katherine katharina kathrin katrin katja katya katarina caterina catalina ekaterina kathleen käthe kathi karin kasia katarzyna aikaterini
charles charlie chuck carl karl carlo carlos carlos karel karol
christian chris christiaan cristian
christine christina chris chrissy tina christa kristina kristin cristina kirsten
christopher chris kit topher christoph christophe cristobal kristof christoforos
daniel dan danny daniele dani danilo
david dave davey davide dawid
deborah debbie deb debora
dimitri dmitry dmitri dmitrij dima mitya dimitrios dimitris dmytro
dorothy dorothea dorothee dot dottie doris dora dorothée
edward ed eddie ned ted teddy eduard eduardo edoardo edouard
eleanor ellie nell nora eleonora eleonore leonor
elizabeth liz lizzy beth betty eliza lisa elisabeth elsa else elisa elise lise sissi elisabetta isabel isabella isabelle bella elizaveta liza elzbieta elisavet
emily em emmy emilie emilia
evgeny eugene gene zhenya evgenij evgeni eugen eugenio yevgeny yevhen
francis frank fran franz francesco francisco francois pancho paco franck frans franciszek
frances fran franny francesca francisca francoise franziska franzi
frederick fred freddy friedrich fritz federico frederic fryderyk
gabriel gabe gabriele gabi
george georg jorge giorgio georges jürgen jörg schorsch georgios yuri jerzy yury
gerald gerry jerry gerhard gerd gert gerardo gerard
gregory greg gregor gregorio gregoire grigory grisha grzegorz grigorios
hans johannes johann john jack johnny jon hannes jan jean giovanni juan ivan vanya joao jens jonny ioannis yannis giannis jani
heinrich heinz henry harry hank enrico enrique henri heiner hinrich henryk heini
helen helena helene elena alena lena nell eleni olena
ignatius ignacio nacho ignazio ignaz
irene irena irina ira eirini iryna
jacob jakob jake giacomo jacques yakov iakovos jakub
james jim jimmy jamie jaime diego santiago
jane janet jean joan johanna joanna giovanna juana jeanne hanna jana ioanna
jennifer jen jenny
jessica jess jessie
joachim achim jochen joaquin joakim gioacchino
joseph joe joey josef sepp beppe giuseppe jose pepe jupp josip youssef yusuf iosif jozef
josephine josie jo josefine giuseppina josefa
julia julie giulia yulia yuliya julija
julian jules julien giuliano
kenneth ken kenny
konstantin kostya konstantinos kostas constantin costas dinos
lawrence larry laurence lorenz lorenzo laurent lars
leonard leo len lenny leonardo leonhard
lewis louis lou ludwig luigi luis lui ludovico ludovic lutz
louise luise luisa lou lulu
ludmila lyudmila mila luda
luke lucas lukas luca luka luc
magdalena lena magda maddalena madeleine madalena magdalini
manuel manny manolo emanuel emmanuel manu manolis
manuela manu
margaret maggie meg peggy margarete margarethe margherita margarita greta gretchen grete gitta rita marguerite margot margit malgorzata
maria mary marie mia mimi molly polly mariya masha manya mizzi maryam marija mariia
mark marc marco markus marcus marcos marek
martha marta marthe marfa
martin marty martino martijn marcin
matthew matt matthias matteo mathieu matthieu mateo mathias hias matvey mateusz matthaios
max maximilian maxim massimo massimiliano maximilien maksim maxi maksym
michael mike mick mickey mikey micha michel michele miguel michal mikhail misha michail mihai mikael michalis mykhailo mykola
monica monika moni monique
natalie natalia natasha natalya nathalie natascha nataliia
nathan nate nathaniel natan
nicholas nick nicky nico nikolaus klaus nicolas nicola nikolai nikolay nikolas kolya niklas claus nikolaos nikos mykola mikolaj
olga olya olia
oliver ollie olivier oliviero olli
patricia pat patty trish tricia patrizia
patrick pat paddy patrice patrizio
paul paulo pablo paolo pavel pasha pawel pavlos pavlo paulus
peter pete pedro pietro pierre piotr petr pyotr petros petro piet peer
philip phil philipp filippo felipe philippe filip pip philippos
rachel rachele raquel rahel
raphael raffael rafael raffaele rafi
rebecca becky becca rebekka
richard rick dick rich ricky richie riccardo ricardo ryszard
robert bob rob bobby robbie bert roberto robin bertie rupert ruprecht
roger rodger ruggero rüdiger rutger
ronald ron ronnie ronaldo
samuel sam sammy samuele
samantha sam sammy
sebastian seb bastian basti sebastiano sebastien wastl
sergey sergei serge sergio sergej seryozha serhii
simon simone simeon szymon
sophie sofia sophia sonja sonya sofie zofia sofya
stanislav stan stas stanislaw stanislaus
stephen steve stephan stefan steven stefano esteban etienne stephane steffen stepan stefanos
stephanie steffi steph stefanie stefania fanny estefania
susan sue susie suzanne susanne susanna susi sanne zuzanna
tatiana tanya tania tatjana tanja tetiana
theodore ted theo teddy theodor fyodor fedor teodoro theodoros
theresa terry tess teresa therese resi tracy
thomas tom tommy tommaso tomas thom tomasz foma
timothy tim timmy timo timotheus timofey
ulrich uli ueli udo ulrik
ursula uschi ulla uschka
veronica vera ronnie veronika veronique nika vroni
victor vic viktor vittorio vitya
victoria vicky vic viktoria vittoria tori
vincent vince vinny vinzenz vincenzo vicente wincenty
vladimir vlad vova volodya volodymyr wladimir vladimiro wlodzimierz
walter walt wally gualtiero valter
wilhelm willi willy will william bill billy liam guillermo guglielmo guillaume wim vilhelm
wolfgang wolf wolfi
xavier javier saverio xaver
`

const groupsOf: ReadonlyMap<string, readonly string[]> = readGroups()

/** The groups that a given name is in, each named by its first; itself where it is in none. */
export function nameGroups(word: string): readonly string[] {
  return groupsOf.get(word) ?? [word]
}

/** Whether the same person may go by both. */
export function isSameGiven(one: string, other: string): boolean {
  if (one === other) return true
  const groups = groupsOf.get(one)
  return groups?.some((group) => groupsOf.get(other)?.includes(group)) ?? false
}

function readGroups(): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const line of groups.trim().split('\n')) {
    const words = [...new Set(line.split(' ').map(spelling))]
    const [first] = words
    if (first === undefined) continue
    for (const word of words) found.set(word, [...(found.get(word) ?? []), first])
  }
  return found
}
