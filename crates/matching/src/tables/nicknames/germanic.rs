//! German, Dutch, Swedish, Danish and Norwegian given names.
//! One group a line: the full name first.

pub(super) const GROUPS: &str = "\
adelheid heidi
adolf dolf
adriana jana
adrianus adri arjan
albrecht abbo
alexander lex sander ale
alf alfred
alois loisl
anders andy
andreas anderl anders
anna annika
anneliese liesel
annemarie anne
antonia toni tonia
antonius toon ton anton
arnoldus arnold nol
arvid arve
augustin gustl
balthasar balz
barbara baerbel babsi
bartholomeus bart
benedikt bene
bengt benke
benjamin benni
bernardus ben bernard
bernd bernhard
bernhard berni
bertil berra
birger bigge
birgitta gitta
bjorn nalle
brigitte gitte biggi
cacilia zilli
carl kalle
catharina trijntje rina toos
christa chrissi
christer krille
christina stien kicki
christoph stoffel
claudia claudi
cornelis cor kees
daniel danne
dieter didi
dietmar didi
dirk diederik
dorothea doro
eberhard ebi
edeltraud traudl
eduard edi
elfriede elfi
elisabeth lisbeth sissi lisl elli lies els liesbeth bep elsbeth lisa liesl ella betje bettan
emil emmo
erich ricki
erik jerka
ernst ernstl
eugen geni
eva evis
everardus evert
felix fex
ferdinand ferdl
florian flo flori
franciscus frans
franz franzl
franziska franzi
frederik frits freek
fredrik fredde figge
friederike rike
friedrich fritz friedl
gabriele gabi
georg schorsch jorg
gerardus gerard
gerhard gerd hardy
gerrit gerard
gerritje gerrie
gertrud trude gerti
gijsbert gijs
gisela gisa
gottfried friedel
gottlieb gottl
gudrun gudi
guillaume gied
gunnar gurra
gunter gunther guenter guenther
gustav gurra gusten
hakan hakke
hannelore hanne lore
hans hansi hannes
harald harry
hartmut hardi
heinrich heiner heinz henner hein
helga helle
helmut heli
hendrik henk rik
hendrika riek
henrik henke
herbert bertl
hermann herm manni
hildegard hilde
hubert hubsi
hubertus huub bert
ignaz naz
ingeborg inge inga
ingrid inga
irmgard irmi
jacob jaap
jacobus jaap koos
jakob jockel
jan jannik janneke janne
jens jesse
jesper jeppe
joachim jochen achim jo
johan janne jojje
johann hans hansl
johanna hanneke jo hanna hannerl annie
johannes jan hans joop johan jo sjaak hannes
jonas joni jonte
jorg joerg juergen jurgen
jorgen jogge
josef sepp beppo jupp
joseph sepp
josephus jos jef
julian jule
juliane jule
jutta judith
karin karina kajsa
karl kalle
karlheinz kalle
karoline lina
kaspar kasper
katarina kattis kaisa
katharina kathi
kenneth kenta
kerstin kia
klara klarchen
klaus nikolaus
konrad kurt conny
konstantin kosta
kristian kricke
kristina stina krissi
lambert bert
lars lasse lasen
laurentius laurens
leif leffe
lennart lelle
leonardus leo
leonhard hartl
lieselotte lilo
lodewijk lode
lorenz lenz
lothar lolle
ludovicus louis
ludwig lutz wiggerl
luise lulu
maarten mart martin
magnus mange
manfred manni fredi
margareta greta maggan
margarete gretel grete
margaretha greet griet
maria marijke mieke ria mia maja
marianne nanni
marinus rinus
markus maggus
martin maddin
martinus tinus martin
matheus theo
matthaus hias
matthijs thijs
mattias matte
mauritius maurits
maximilian maxl
melchior melch
michael michi michl micke
mikael micke
mogens mugge
monika moni
nepomuk muck
nicolaas klaas nico nick claas
niels nis
nils nisse
norbert nobbi
ole olle olav
olof olle
oskar ossi ogge
otto ottl
patrik putte
paul pauli
paulus paul
per pelle peter
peter pit petter
petra peti
petronella nel
petrus piet peter
philipp lipp
pieter piet
ragnar ragge
raimund mundl
regina gina
reinhard reini
reinier rein
renate rena
richard richi
roland rolli
rolf roffe
rosa rosl
rosemarie romy
roswitha rosi
rudiger ruedi
rudolf ruud
rune runar
sabine bine
sebastiaan bas
sebastian wastl basti
siegfried sigi siggi
sigrid siggi
silke silvia
simon simmerl
soren sorn
stefan steffe
stephan steff
stephanus fanie
susanne susi sanne
sven svenne
sybille bille
theodor theo
theodora door
theodorus theo dorus
theresia resi
thomas thommy tompa
tobias tobi
tor tore
torsten totte
ulf uffe
ulrika ulla
ulrike ulli
valentin vale
veit vitus
veronika vroni
viktor vicke
viktoria vicki
vilhelm ville
vinzenz zenz
walter waldi
waltraud traudl
werner werni
wilfried willi
wilhelm willi
wilhelmus wim willem
willemina mien
wolfgang wolf wolfi wolle
wouter walter
xaver xaverl
yvonne vonne
";
