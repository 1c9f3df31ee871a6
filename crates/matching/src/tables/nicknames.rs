//! Given names with their short, pet and sister forms, one group a line.

pub(super) const GROUPS: &str = "\
abigail abby abbie gail
abraham abe bram
adelaide ada addie adele heidi
agnes aggie nessie
albert al bert bertie albrecht
alexander alex alec alexandre alessandro alejandro sandy xander sasha sascha sander aleksander alexandros lex
alexandra alex sandra sandy sasha alexa lexi alessandra aleksandra xandra
alfred al alf alfie fred freddie freddy
alice ali allie alicia alison elsie lise
amanda mandy manda
amelia amy millie emily milly
andrew andy drew andre andreas andrea andrzej andrei andres ondrej
angela angie angelina angelica ange
ann anne anna annie nan nancy hannah ana anya anja annika anita
anthony tony anton antoine antonio ant antony toni toninho tonio tono
archibald archie baldie
arthur art artie arturo
augustus gus august augustine auguste
barbara barb babs barbie bobbie basia
bartholomew bart bat bartek barry
benjamin ben benny benji
bernard bernie barney bernhard bernd
beatrice bea trixie beatrix beatriz
bridget biddy bridie brigitte birgit gitta
bronwyn bron
calvin cal
cameron cam
caroline carol carrie caro carolyn lina karoline karolina
catherine kate cathy katie cath kitty kay cat kathy katherine kathryn catarina caterina kathleen
katherine kate kathy katie kat kit kitty kay catherine kathryn katharina katrin katja
katharina kathe katrin kati katja kathi trina
katarzyna kasia kaska
charles charlie chuck chas charley carl karl carlos carlo karel chaz
charlotte lottie charlie lotte char carlotta
christian chris kristian christiaan
christine chris tina chrissy christina chrissie kristina kristin kirsten tine
christopher chris kit topher kris christoph cristobal christophe krzysztof christof
clarence clare
clifford cliff
clement clem
constance connie
cornelius neil con kees corny
curtis curt kurt
cynthia cindy
daniel dan danny dani danilo danilka
deborah deb debbie debby debra
dennis denny den denis
dominic dom nick dominik dominique domingo
donald don donnie donny
dorothy dot dottie dolly dora dorothea thea
douglas doug
edgar ed eddie
edith edie
edmund ed eddie ned ted edmond
edward ed eddie ted ned teddy eduard eduardo edouard edvard
edwin ed eddie ned
eleanor ellie nell nellie nora lenore ella eleonore elinor leonora
elizabeth liz beth betty lizzie eliza bess elsie libby lisa betsy bessie bette elisabeth elise lisbeth elisa isabel lilibeth
ella ellie
ellen nell nellie helen ellie elena
emily em emma millie emilia emmy
emmanuel manny manu manuel immanuel
ernest ernie erny ernst ernesto
esther essie hester hettie ester
eugene gene eugen eugenio
eva eve evie ewa evita
evelyn evie eve
ezekiel zeke
felicity fliss flick
ferdinand ferdy ferdie nando fernando
florence flo flossie florrie
frances fran fanny frankie francie francesca francoise franziska
francis frank fran frankie francisco francesco francois franz paco pancho franciszek
frank frankie francis franklin
franklin frank
frederick fred freddie freddy fritz friedrich federico frederic frederik fryderyk rick
gabriel gabe gaby
gabriella gabby ella gabriele gabi
geoffrey jeff geoff
jeffrey jeff jeffery
george georgie geordie georg jorge jorg georges giorgio georgios jurgen juergen jerzy
georgina georgie gina
gerald gerry jerry gerard gerhard gerd
gertrude gertie trudy trude
gilbert gil bert
giovanni gianni nino vanni
giuseppe beppe peppe pino giuseppina
gordon gordy
grace gracie
gregory greg gregor grzegorz gregorio
gustav gus gustavo gustaf
gwendolen gwen wendy gwendoline
harold harry hal harald
harriet hattie harriette hetty
harry harold henry
helen nell nellie ellen nelly lena helena helene elena eleni
henry harry hank hal henri heinrich heinz enrique enrico hendrik henryk
herbert bert bertie herb
horace horry
hubert bert hugh
hugh hughie huw hugo
ignatius iggy ignacio nacho ignaz
isaac ike zac
isabella bella izzy isabel isabelle ella belle isobel isa ysabel
isidore izzy isidor
jacob jake jack jakob jacobus
james jim jimmy jamie jem jimmie jas jaime
jane janie jenny jean janet jayne
jacqueline jackie jacqui jacky
janet jan jenny
jason jay
jean jeanie jeannie jane
jennifer jen jenny jenn jennie
jeremiah jerry jem
jeremy jerry jem jez
jerome jerry
jessica jess jessie
joan joanie jo jane joanna
joanna jo joan joanne hanna johanna joana giovanna
john jack johnny jon jock ian jan johann johannes hans jean juan giovanni ivan sean ioannis janos johnnie
johannes hans hannes johann jo jan
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
kenneth ken kenny
kimberly kim kimberley
larry lawrence laurence
laura laurie lora lori lauren laure
lawrence larry laurie lawrie laurence lorenz lorenzo laurent
leonard leo len lenny leon leonardo leonhard
leopold leo poldi
leslie les
lewis lew louis lou
lillian lily lilly lil lilian lili
linda lindy lynn
louis lou louie ludwig luis luigi lewis ludovic
louise lou lulu louisa luise luisa
lucas luke luc luca lukas lukasz
lucy lucie luz lucia lulu
lydia liddy
madeline maddie maddy madeleine magdalena lena
magdalena magda lena lenka magdalene
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
mary molly polly may mamie minnie moll maria marie maisie maureen
matilda tilly maud tillie mattie mathilde mattie
matthew matt matty matthias mateo mathieu matteo mateusz mathew matias
matthias matze hias mathias
maurice morris mo moritz moris
maximilian max maxi maksymilian maxim
megan meg meggie
melanie mel melly
melissa mel missy lissa
mercedes merche
michael mike mick mickey micky michel miguel michal mikhail michele mikey mitch misha
michelle shelly micki michele chelle
mildred millie milly
minnie minerva wilhelmina
mitchell mitch
mohammed mo hamid mohammad muhammad mehmet
montague monty
montgomery monty
morgan morg
moses mo moe moshe
nathan nate nat nathaniel
nathaniel nat nate nathan
natalie nat nattie natalia natasha
natalya natasha natalia nata natalie
nicholas nick nicky nic nicolas nikolaus klaus claus niklas nikolai nicola nikos nikolaos nico niko miklos mikolaj colin
nicole nicky nikki nicola nic
nigel nige
norman norm
oliver ollie olly noll olivier
olivia liv livvy ollie libby
oscar ossie oskar
oswald ossie oz
pamela pam pammy
patricia pat trish patty tricia patsy trisha patti patrizia
patrick pat paddy rick pat patrice patricio packy
paul paulie pablo paolo pavel pawel pauli
paula polly pauline paulina
penelope penny nell
percival percy
peter pete pedro pierre piotr pietro petros piet pjotr petr
philip phil pip philippe felipe filip philipp phillip filippo
phyllis phyl phyllie
priscilla cilla prissy
prudence prue
rachel rach rae shelly raquel rachael
ralph rafe ralf raoul
randolph randy randall
raphael rafa rafael raffaele rafe rafal
raymond ray raimund ramon
rebecca becky becca bex reba rebekah
reginald reg reggie rex reinhold
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
roxanne roxy
rudolph rudy rudi rudolf rolf
russell russ rusty
ruth ruthie
samantha sam sammy
samuel sam sammy
sandra sandy sandi alexandra
sarah sally sadie sal sara sari
sebastian seb bas bastian basti sebastien
sidney sid sydney syd
sigmund sig siggi siegmund
simon si simone szymon simeon
solomon sol solly
sophia sophie sofia soph zofia fifi sonia sofie zosia
stanley stan
stephanie steph stevie steffi stefanie fanny
stephen steve stevie steph stefan steven esteban stephan etienne stefano szczepan steffen
steven steve stevie stephen
stuart stu stewart
susan sue susie suzie suzy susanna susanne suzanne sukey susannah zsuzsa
sylvia syl silvia sylvie
tabitha tabby
tamara tammy toma tamar
teresa terry tess tessa theresa tracy resi therese terri
terence terry terrence
theodore ted theo teddy teodor teodoro fyodor fedor
thomas tom tommy thom tomas tomasz tommaso
tiffany tiff
timothy tim timmy timo timoteo
tobias toby tobi
ulrich uli ulli ulrik
ulrike uli rike
ursula uschi ulla uschi
valentine val valentin valentino
valerie val valeria
vanessa nessa
veronica vera ronnie roni veronika ronja nika
victor vic viktor vico vittorio
victoria vicky vicki vic tori vikki viktoria vittoria
vincent vince vinny vin vinnie vicente vincenzo vinzenz
viola vi violet
virginia ginny ginger gina
vivian viv vivien
wallace wally
walter walt wally wat walther gualtiero
wilfred wilf fred will wilfried
wilhelm willi willy helmut wim william
wilhelmina mina willa minnie billie wilma
william bill will billy willie liam willy wilhelm guillaume guillermo guglielmo willem wills
winifred winnie freda fred
winston win
zachary zach zack zac zachariah zak
agnieszka aga agusia jagna
aleksandra ola olka
aleksander olek alek
andrzej jedrek
elzbieta ela elka
ewelina ewa
grzegorz grzesiek grzes
jadwiga jadzia
jakub kuba
joanna asia aska
jan janek jas
jozef jozek
krystyna krysia
krzysztof krzysiek krzys
lukasz luki
magdalena magda
malgorzata gosia malgosia goska
marcin marcinek
maria marysia maryska
mateusz mati
michal michalek
pawel pawelek
piotr piotrek
stanislaw staszek stas stach
tomasz tomek
wojciech wojtek
zbigniew zbyszek
aleksandr alex sasha sanya shura
aleksei alyosha lyosha alexey alexei alexis aleksey
anastasia nastya asya stacy stasya
andrei andrey andryusha
boris borya
daria dasha darya
dmitry dima mitya dmitri dimitri dimitris dimitrios
ekaterina katya katja yekaterina catherine
elena lena yelena helena alyona
evgeny zhenya yevgeny evgeni eugene jenya
evgenia zhenya yevgenia eugenia
galina galya
georgy zhora gosha
grigory grisha
ilya ilyusha
irina ira irisha
ivan vanya vania john
konstantin kostya costa
ksenia ksyusha xenia oksana
larisa lara
leonid lyonya
lyudmila lyuda mila ludmila
maksim max maxim
maria masha mariya marusya
mikhail misha michail michael
nadezhda nadya nadia
natalia natasha natalya nataliya
nikita nik
nikolai kolya nikolay nicholas
oleg olezhka
olga olya olha
pavel pasha
pyotr petya piotr petr
roman roma
sergei seryozha sergey serge serhii
sofia sonya sonia
svetlana sveta svitlana
tatiana tanya tania tatyana
valentina valya
vasily vasya basil vasili
vera verochka
viktor vitya
vladimir vova volodya vlad wladimir volodymyr
vladislav vlad slava
vyacheslav slava
yaroslav slava yarik
yulia yulya julia
yuri yura jury
alberto beto tito
alejandro ale jandro alex
alfonso poncho fonso alphonse
antonio tono tony tonio antonino
carlos carlitos charly
carmen carmela mamen
concepcion concha conchita
consuelo chelo
cristina cris tina
daniel dani
dolores lola loli
eduardo edu lalo
enrique quique kike
ernesto neto
federico fede
fernando fer nando
francisco paco pancho fran curro kiko chico xisco
gabriel gabi
gonzalo gonza
graciela chela
guadalupe lupe lupita
guillermo memo guille
gustavo gus tavo
hector tito
ignacio nacho
isabel isa chabela bela
javier javi xavier xavi
jesus chuy suso
jorge coque
jose pepe josep chepe ze zeca
josefa pepa
juan juanito juancho
leticia lety
luis lucho luisito
manuel manolo manu manny lolo manel
marcela marce
margarita marga margo
maria mari maruja mary
maria jose mariajo
mariana mari
mario mayito
miguel migue mike
montserrat montse
pablo pau pablito
patricio pato
pilar pili
rafael rafa
ramon moncho
raul raulito
ricardo richi ricky
roberto beto rober
rocio chio
rosario charo
salvador salva chava
santiago santi diego yago jaime
sergio checo
sofia sofi
teresa tere maite
vicente chente
victoria vicky
antonia toni tonia
bernhard berni
brigitte gitte biggi
christoph stoffel
claudia claudi
dieter didi
dietmar didi
dorothea doro
eberhard ebi
elfriede elfi
elisabeth lisbeth sissi lisl elli lies
ferdinand ferdl
franz franzl
friederike rike
gabriele gabi
gottfried friedel
gunter gunther guenter guenther
hannelore hanne lore
heinrich heiner heinz henner hein
helga helle
hildegard hilde
ingeborg inge
irmgard irmi
jakob jockel
joachim jochen achim jo
jorg joerg juergen jurgen
josef sepp beppo jupp
karl kalle
karl heinz kalle
katharina kathi
klaus nikolaus
leonhard hartl
lieselotte lilo
ludwig lutz wiggerl
manfred manni fredi
margarete gretel grete
maximilian maxl
peter pit
reinhard reini
rosemarie romy
roswitha rosi
rudiger ruedi
siegfried sigi siggi
susanne susi sanne
sybille bille
theodor theo
theresia resi
thomas thommy
waltraud traudl
werner werni
wilfried willi
wolfgang wolf wolfi wolle
agnes ines
alain al
alexandre alex
anne annick annie
bernadette berna
brigitte bri
catherine cathy
christelle chris
dominique dom
elisabeth babeth lise
emmanuelle manu
florence flo
francois fanfan
frederic fred fredo
genevieve ginette viviane
guillaume guigui
isabelle isa
jacques jacquot
jean baptiste jb
jerome jeje
marguerite margot
mathilde mathou
nathalie nat
nicolas nico
olivier oli
philippe phil
sebastien seb
stephane stef
sylvie syl
thierry titi
valerie val
veronique vero
vincent vinz
alessandra sandra ale
alessandro sandro ale
antonella anto
bartolomeo meo
domenico mimmo menico
elisabetta betta lisa
enrico chicco
federica fede
filippo pippo
francesca franca checca
francesco franco ciccio checco
gaetano tano
gabriele lele
giacomo mino
giorgio gio
giovanna gianna vanna
giulia giuli
lorenzo renzo enzo
luigi gigi
maddalena lena
maurizio mauri
michele lele
pasquale lino
raffaele lello
roberto berto robi
salvatore toto turi
stefania stefi
teresa resi
tommaso maso
valentina vale
vincenzo enzo
bartholomeus bart
cornelis cor kees
elisabeth els lies liesbeth bep
gerardus gerard
gijsbert gijs
hendrik henk rik
jacobus jaap koos
johanna hanneke jo
johannes jan hans joop johan
margaretha greet griet
maria marijke mieke ria
matthijs thijs
nicolaas klaas nico
pieter piet
petronella nel
theodorus theo dorus
wilhelmus wim willem
willemina mien
anders andy
birgitta gitta
karl kalle
kristina stina
lars lasse
margareta greta
nils nisse
per pelle peter
mehmet memo muhammed
mustafa mustafa musti
fatma fatos
ibrahim ibo
huseyin huso
suleyman sulo
istvan pista isti
jozsef joska
laszlo laci
sandor sanyi
ferenc feri
gyorgy gyuri
erzsebet bozsi erzsi
katalin kati
joao joaozinho
jose ze zeze
antonio toninho
francisco chico
eduardo dudu edu
luiz lula luisinho
fernanda nanda fe
gabriela gabi
rafael rafa
rajesh raj raju
rajendra raj
pradeep deep
venkatesh venky venkat venkata
krishna kris
krishnan kris krish
lakshmi laxmi
subramanian subbu mani
ramesh ram
suresh suri
sanjay sanju
vijay viju
sunita sunu
aishwarya aish
abhishek abhi
siddharth sid
harish hari
balakrishnan bala
karthik kartik
jagdish jag
gurpreet guri
manpreet mani
yosef yossi
avraham avi avraham
moshe moishe
shlomo shloimi
yitzhak itzik yitzchak
david dudu dave davey davy davie
konstantinos kostas
dimitrios dimitris mimis
georgios giorgos yiorgos george
ioannis giannis yiannis yannis john
nikolaos nikos
aikaterini katerina
panagiotis panos
athanasios thanasis sakis
vasileios vasilis
eleni lena heleni
anastasios tasos
evangelos vangelis
spyridon spyros
theodoros thodoris
josephine pepita
";
