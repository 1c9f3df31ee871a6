//! Spanish, Portuguese, French, Italian and Romanian given names.
//! One group a line: the full name first.

pub(super) const GROUPS: &str = "\
adriana adri
adriano adri
adrien dri
afonso fonsinho
agnes ines
agostino ago
agustin tin agus
alain al
alberto beto tito albi
alejandro ale jandro alex
alessandra sandra ale
alessandro sandro ale
alexandra xana
alexandre alex
alexandru sandu
alfonso poncho fonso alphonse fofo
alicia ali licha
andre dede
andrea andy
andres andy andresito
angel angelito gelo
angelo angiolino
annamaria annina
anne annick annie
antoine toine tonio
antonella anto
antonio tono tony tonio antonino toninho to toze tonino nino totonno
arnaud nono
arturo turo
augusto guto
aurelie lili
bartolomeo meo
beatrice bice
beatriz bea betty bia
belen bele
benedetto betto
benjamin benji
benoit ben
bernadette berna
bernardo nardo berna
brigitte bri
camila cami
carlo carletto
carlos carlitos charly carlinhos cacau
carmen carmela mamen
carolina caro carol
caroline caro
catalina cata
catarina cata
caterina rina cate
catherine cathy
cesar cesarito
charlotte cha
christelle chris
christian kiki
christophe chris tof
claude clo
clemence clem
clemente clem
concepcion concha conchita
constantin costica
consuelo chelo
corinne coco
cristiano cris
cristina cris tina
cristoforo toforo
cristovao cris
daniel dani dan
daniela dani
daniele dani
denise niniche
diego dieguito
dolores lola loli
domenico mimmo menico
domingos mingos
dominique dom
donato donatello
dumitru mitica
edoardo edo
edouard ed doudou
eduardo edu lalo dudu
elena nena leana ileana
eleonora nora
elisabeth babeth lise
elisabetta betta lisa
elvira elvi
emanuele manu lele
emilie mimi
emilio emi milo
emmanuelle manu
encarnacion encarna encarni
enrico chicco rico
enrique quique kike
ernesto neto
esperanza espe
esteban teban
etienne stephen
eugenia maru
eugenie nini
eugenio genio
eulalia lali
fabian fabi
fabien fab
federica fede
federico fede
felipe pipe
ferdinando nando
fernanda nanda fe
fernando fer nando
filippo pippo
florence flo
francesca franca checca
francesco franco ciccio checco
francisca chica
francisco paco pancho fran curro kiko chico xisco
francois fanfan
francoise fanchon
frederic fred fredo
frederico fred
gabriel gabi biel
gabriela gabi
gabriele lele
gabriella lella
gaetano tano
gaspare gaspa
genevieve ginette viviane
gennaro gennarino
gerard gege
gerardo gera
gertrudis tula
gheorghe gigi ghita george
giacomo mino jack
gianluca luca
gilbert gil
giorgio gio
giovanna gianna vanna
giovanni nanni gianni giannino
giulia giuli
giuseppe geppo
giuseppina pina
gloria yoya
gonzalo gonza
graciela chela
gregoire greg
gregorio goyo gori
grigore grig
guadalupe lupe lupita
guglielmo memmo
guilherme gui guilhermo
guillaume guigui
guillermo memo guille
gustavo gus tavo guga
hector tito
helena lena leninha
helene lena
henri riri
henrique rique
hortensia tencha
humberto beto
ignacio nacho
ignazio gnazio
ines inesita
inmaculada inma
ioan ion nelu
ion ionel ionut
isabel isa chabela bela bebel belinha
isabelle isa
jacinto chinto
jacqueline jacquie
jacques jacquot
javier javi xavier xavi
jean jeannot
jeanbaptiste jb
jeanclaude jc
jeanfrancois jf
jeanpierre jp
jerome jeje
jeronimo jero
jesus chuy suso jesusito
jimena jime
joana joaninha
joao joaozinho
joaquim quim
joaquin quino joaco
jordi jorge
jorge coque jorginho
jose pepe josep chepe ze zeca zeze joselito pepito pepin
joseantonio josean
josefa pepa
joseluis joselu pepelu
josemaria chema
joseph jojo
josephine pepita josette
juan juanito juancho
juancarlos juanca
juanjose juanjo
juanmanuel juanma
julian juli
julien juju
laurence lolo
laurent lolo
leonardo leo nardo
leopoldo polo
leticia lety le
lorenzo renzo enzo
louis loulou
lourdes lulu
lucia luci
luciana lu
luigi gigi
luigia gina
luis lucho luisito luisinho
luiz lula luisinho
maddalena lena
madeleine mado
magdalena magda malena
manuel manolo manu manny lolo manel
manuela manoli
marcel marcello
marcela marce
marcelo celo
marco marchino
margarita marga margo
margherita rita
marguerite margot
maria mari maruja mary mariazinha mariuccia maricica
mariacarmen maricarmen
mariadelmar mar
mariaisabel maribel
mariajose mariajo
mariana mari
mariano nano
mariateresa maite marite
marie mimi manon
mario mayito
martin tincho
mathilde mathou
matteo teo
mauricio mauri
maurizio mauri
maxime max
maximiliano max maxi
mercedes merche meche
michel mimi
michele lele michelino
miguel migue mike migas
mihai misu
milagros mila
montserrat montse
nathalie nat nath
natividad nati
niccolo nico
nicola nico cola
nicolae nicu
nicolas nico
octavio tavo
olivier oli
oscar oscarito
ottavio tavio
pablo pau pablito
paolo paolino
pascal pascual
pasquale lino
patricia patri pato paty
patricio pato
patrick patou
paulina pau
paulo paulinho
pedro perico pedrito pedrinho
petru petrica
philippe phil
pierre pierrot
pietro piero pierino
pilar pili
purificacion puri
rafael rafa
rafaela rafa
raffaele lello
raimundo mundo
ramon moncho
raquel raque
raul raulito
raymond momond
refugio cuca
remedios reme
renato re
ricardo richi ricky rick cadu
riccardo ricky
roberto beto rober berto robi
rocio chio
rodolfo rodo fito
rodrigo rodri digo
roland roro
ronaldo naldo
rosa rosita rosina
rosalia lia
rosario charo
salome sal
salvador salva chava
salvatore toto turi
samuel samu
santiago santi diego yago jaime
sebastian sebas
sebastiano seba
sebastiao tiao
sebastien seb
sergio checo serginho
silvana sil
silvestro sil
silvia silvi
simone simo
sofia sofi
soledad sole
sophie soso
stefan fanica
stefania stefi
stefano ste
stephane stef
stephanie steph
susana susi
suzanne suzon
sylvain syl
sylvie syl
teodor doru
teresa tere maite resi teresinha
therese tete
thierry titi
tiago tiaguinho thiago
tomas tomasito
tommaso maso
trinidad trini
valentina vale
valerie val
vasile vasilica
veronica vero
veronique vero
vicenta chenta
vicente chente
victoria vicky
vincent vinz
vincenzo enzo
vitor vitinho
vittoria vittorina
ximena xime jimena
yannick yann
yolanda yoli
yves yvon
";
