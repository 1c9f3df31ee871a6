//! English given names: short and pet forms, Irish forms, sister forms in other languages.
//! One group a line: the full name first.

pub(super) const GROUPS: &str = "\
aaron ron ronnie
abigail abby abbie gail
abraham abe bram
adam ad
adelaide ada addie adele heidi
adrian ade adriano adrien hadrian
agnes aggie nessie
alan al allan allen alun
alastair alistair al alasdair alister
albert al bert bertie albrecht
alexander alex alec alexandre alessandro alejandro sandy xander sasha sascha sander aleksander alexandros lex
alexandra alex sandra sandy sasha alexa lexi alessandra aleksandra xandra
alfred al alf alfie fred freddie freddy
alice ali allie alicia alison elsie lise
amanda mandy manda
amelia amy millie milly
andrea andie andi
andrew andy drew andre andreas andrea andrzej andrei andres ondrej
angela angie angelina angelica ange
ann anne anna annie nan nancy hannah ana anya anja annika anita
annabel bella anna belle
anthony tony anton antoine antonio ant antony toni toninho tonio tono
aoife eva
archibald archie baldie
arthur art artie arturo
ashley ash
audrey aud
augustus gus august augustine auguste
barbara barb babs barbie bobbie basia
bartholomew bart bat bartek barry
beatrice bea trixie beatrix beatriz
benjamin ben benny benji
bernard bernie barney bernhard bernd
beverley bev beverly
brandon bran
brian bryan bri
bridget biddy bridie brigitte birgit gitta
bronwyn bron
bruce brucie
caitlin catherine kate
calvin cal
cameron cam
caroline carol carrie caro carolyn lina karoline karolina
cassandra cassie cass sandra
catherine kate cathy katie cath kitty kay cat kathy katherine kathryn catarina caterina kathleen
cecilia cissy celia cecily
charles charlie chuck chas charley carl karl carlos carlo karel chaz
charlotte lottie charlie lotte char carlotta
chester chet
christian chris kristian christiaan
christine chris tina chrissy christina chrissie kristina kristin kirsten tine
christopher chris kit topher kris christoph cristobal christophe krzysztof christof
clarence clare
clement clem
clifford cliff
colin col
constance connie
cormac mac
cornelius neil con kees corny
curtis curt kurt
cynthia cindy
daniel dan danny dani danilo danilka
darren daz
dean deano
deborah deb debbie debby debra
declan dec
dennis denny den denis
derek del rick
diana di diane dee
diarmuid dermot
dominic dom nick dominik dominique domingo
donald don donnie donny
dorothy dot dottie dolly dora dorothea thea
douglas doug
duncan dunc
edgar ed eddie
edith edie
edmund ed eddie ned ted edmond
edward ed eddie ted ned teddy eduard eduardo edouard edvard
edwin ed eddie ned
eileen aileen
elaine lainey
eleanor ellie nell nellie nora lenore ella eleonore elinor leonora
eli elias elijah
elijah eli lige
elizabeth liz beth betty lizzie eliza bess elsie libby lisa betsy bessie bette elisabeth elise lisbeth elisa isabel lilibeth
ella ellie
ellen nell nellie helen ellie elena
emily em millie emilia emmy
emmanuel manny manu manuel immanuel
eoghan eugene owen
eric rick ricky erik
erica ricki erika
ernest ernie erny ernst ernesto
esther essie hester hettie ester
eugene gene eugen eugenio
eva eve evie ewa evita
evelyn evie eve
ezekiel zeke
faith fay
felicity fliss flick
ferdinand ferdy ferdie nando fernando
fergus fergal gus
fiona fi
florence flo flossie florrie
frances fran fanny frankie francie francesca francoise franziska
francis frank fran frankie francisco francesco francois franz paco pancho franciszek
frank frankie francis franklin
franklin frank
frederick fred freddie freddy fritz friedrich federico frederic frederik fryderyk rick
gabriel gabe gaby
gabriella gabby ella gabriele gabi
gareth gaz gary
gary gaz garry
gavin gav
geoffrey jeff geoff
george georgie geordie georg jorge jorg georges giorgio georgios jurgen juergen jerzy
georgina georgie gina
gerald gerry jerry gerard gerhard gerd
gertrude gertie trudy trude
gilbert gil bert
gillian gill jill jilly
giovanni gianni nino vanni
giuseppe beppe peppe pino giuseppina
glenn glen
gordon gordy
grace gracie
graham gray graeme
gregory greg gregor grzegorz gregorio
gustav gus gustavo gustaf
gwendolen gwen wendy gwendoline
harold harry hal harald
harriet hattie harriette hetty
harry harold henry
harvey harve
heather hev
helen nell nellie ellen nelly lena helena helene elena eleni
henry harry hank hal henri heinrich heinz enrique enrico hendrik henryk
herbert bert bertie herb
hilary hil
horace horry
hubert bert hugh
hugh hughie huw hugo
ignatius iggy ignacio nacho ignaz
irene rene irena
irving irv
isaac ike zac
isabella bella izzy isabel isabelle ella belle isobel isa ysabel
isidore izzy isidor
ivor ive
jacob jake jack jakob jacobus
jacqueline jackie jacqui jacky
james jim jimmy jamie jem jimmie jas jaime
jane janie jenny jean janet jayne
janet jan jenny
jason jay
jean jeanie jeannie jane
jeffrey jeff jeffery
jennifer jen jenny jenn jennie
jeremiah jerry jem
jeremy jerry jem jez
jerome jerry
jessica jess jessie
jill gillian
joan joanie jo jane joanna
joanna jo joan joanne hanna johanna joana giovanna
jodie jo jody
johannes hans hannes johann jo jan
john jack johnny jon jock ian jan johann johannes hans jean juan giovanni ivan sean ioannis janos johnnie
jonathan jon john jonny nathan jonathon
jordan jordy
joseph joe joey jos josef jose giuseppe jozef sepp yosef
josephine jo josie fifi josefine josefa
joshua josh
joyce joy
judith judy jude judi
julia julie jules giulia juliana juliet
julian jules giulio julio julius julien
juliet julie juliette
karen kaz karin
karl carl
katarzyna kasia kaska
katharina kathe katrin kati katja kathi trina
katherine kate kathy katie kat kit kitty kay catherine kathryn katharina katrin katja
keith keef
kenneth ken kenny
kevin kev
kimberly kim kimberley
kirsten kirsty
kristopher kris chris
lance lancelot
larry lawrence laurence
laura laurie lora lori lauren laure
laurence larry laurie
lawrence larry laurie lawrie laurence lorenz lorenzo laurent
lee leigh
leonard leo len lenny leon leonardo leonhard
leopold leo poldi
leroy roy
leslie les
lewis lew louis lou
liam william
lillian lily lilly lil lilian lili
linda lindy lynn
lindsay lin lyn linsey
lorraine lori raine
louis lou louie ludwig luis luigi lewis ludovic
louise lou lulu louisa luise luisa
lucas luke luc luca lukas lukasz
lucy lucie luz lucia lulu
lydia liddy
lynn lyn lynne linda
mackenzie mac
madeline maddie maddy madeleine magdalena lena
magdalena magda lena lenka magdalene
mairead margaret
malcolm mal
margaret maggie meg peggy madge marge margie greta rita daisy peg margery marjorie gretel margarete margarita marguerite margit mags
margarethe gretchen grete greta margit rita
maria mary marie mia mitzi masha ria mariya mimi marija
marianne marian mary anne
marjorie marge margie
mark marc marcus markus marco marek marcos marcin
martha marty mattie patty marta
martin marty marti martijn
martina tina
marvin marv
mary molly polly may mamie minnie moll maria marie maisie maureen
matilda tilly maud tillie mattie mathilde
matthew matt matty matthias mateo mathieu matteo mateusz mathew matias
matthias matze hias mathias
maureen mo
maurice morris mo moritz moris
maximilian max maxi maksymilian maxim
megan meg meggie
melanie mel melly
melissa mel missy lissa
mercedes merche
mervyn merv
michael mike mick mickey micky michel miguel michal mikhail michele mikey mitch misha
michelle shelly micki michele chelle
mildred millie milly
minnie minerva wilhelmina
miriam mimi miri mariam
mitchell mitch
mohammed mo mohammad muhammad mehmet
moira maura
montague monty
montgomery monty
morgan morg
moses mo moe moshe
murray mur
natalie nat nattie natalia natasha
natalya natasha natalia nata natalie
natasha tash tasha
nathan nate nat nathaniel
neil neal
niamh neve
nicholas nick nicky nic nicolas nikolaus klaus claus niklas nikolai nicola nikos nikolaos nico niko miklos mikolaj colin
nicole nicky nikki nicola nic
nigel nige
noel nollie
nora norah honora eleanor
norma normie
norman norm
oliver ollie olly noll olivier
olivia liv livvy ollie libby
oscar ossie oskar
oswald ossie oz
owen eoin
padraig patrick paddy
pamela pam pammy
patricia pat trish patty tricia patsy trisha patti patrizia
patrick pat paddy rick patrice patricio packy
paul paulie pablo paolo pavel pawel pauli
paula polly pauline paulina
peggy margaret
penelope penny nell
percival percy
perry peregrine
peter pete pedro pierre piotr pietro petros piet pjotr petr
philip phil pip philippe felipe filip philipp phillip filippo
phyllis phyl phyllie
priscilla cilla prissy
prudence prue
quentin quin
rachel rach rae shelly raquel rachael
ralph rafe ralf raoul
randall randy
randolph randy randall
raphael rafa rafael raffaele rafe rafal
raymond ray raimund ramon
rebecca becky becca bex reba rebekah
reginald reg reggie rex reinhold
reuben rube
richard rick dick rich ricky richie dickie ricardo riccardo ryszard ritchie
robert bob rob bobby robbie bert robin roberto rupert bobbie
roberta bobbie robbie
roderick rod roddy rory rodrigo
rodney rod
roger rodge rogelio rudiger
roland rolly rolf orlando rolando
ronald ron ronnie ronny ronaldo
rosalind ros roz rosie
rose rosie rosa rosemary
rosemary rose rosie romy
rowan ro
roxanne roxy
rudolph rudy rudi rudolf rolf
russell russ rusty
ruth ruthie
ryan ry
samantha sam sammy
samuel sam sammy
sandra sandy sandi alexandra
sarah sally sadie sal sara sari
scott scotty
seamus james
sebastian seb bas bastian basti sebastien
shannon shan
sheila shelagh
shirley shirl
sidney sid sydney syd
sigmund sig siggi siegmund
silas si
simon si simone szymon simeon
sinead jane
siobhan joan
solomon sol solly
sophia sophie sofia soph zofia fifi sonia sofie zosia
spencer spence
stacey stace
stanley stan
stephanie steph stevie steffi stefanie fanny
stephen steve stevie steph stefan steven esteban stephan etienne stefano szczepan steffen
steven steve stevie stephen
stuart stu stewart
susan sue susie suzie suzy susanna susanne suzanne sukey susannah zsuzsa
sylvia syl silvia sylvie
tabitha tabby
tadhg tim
tamara tammy toma tamar
tara tar
terence terry terrence
teresa terry tess tessa theresa tracy resi therese terri
theodora dora thea
theodore ted theo teddy teodor teodoro fyodor fedor
thomas tom tommy thom tomas tomasz tommaso
tiffany tiff
timothy tim timmy timo timoteo
tobias toby tobi
tristan tris
ulrich uli ulli ulrik
ulrike uli rike
ulysses lyss
ursula uschi ulla
valentine val valentin valentino
valerie val valeria
vanessa nessa
vernon vern
veronica vera ronnie roni veronika ronja nika
victor vic viktor vico vittorio
victoria vicky vicki vic tori vikki viktoria vittoria
vincent vince vinny vin vinnie vicente vincenzo vinzenz
viola vi violet
virginia ginny ginger gina
vivian viv vivien
wallace wally
walter walt wally wat walther gualtiero
warren waz
wesley wes
wilbur wil
wilfred wilf fred will wilfried
wilhelm willi willy helmut wim william
wilhelmina mina willa minnie billie wilma
william bill will billy willie liam willy wilhelm guillaume guillermo guglielmo willem wills
winifred winnie freda fred
winston win
woodrow woody
yvonne vonnie evonne
zachary zach zack zac zachariah zak
zoe zo
";
