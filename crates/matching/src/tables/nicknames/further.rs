//! Turkish, Hungarian, Finnish, Greek, Hebrew, Arabic, Indian, African and Malay given names.
//! One group a line: the full name first.

pub(super) const GROUPS: &str = "\
abdou abdoulaye
abdulaziz aziz azouz
abdulkarim karim
abdullah apo aboud abdou
abdulqadir qadir
abdulrahman aboudi
abdurrahman apo
abhishek abhi
adebayo bayo
adeola deola
agathi agatha
agnes agi
agustinus agus
aharon ari
ahmad hamoudi
ahmet memet
aikaterini katerina katia kaiti
aino ainu
aisha aishu
aishwarya aish
aleksanteri ale santeri
alexandros alekos
ali aliko allawi aloush
aminata ami
amitabh amit
anand andy
anastasios tasos
andras bandi
andreas andrikos
angeliki kiki lia
anil annu
aniruddha ani
anna annus panni annoula
antal toni
antero antsa
antonios antonis
apostolos tolis
aristidis aris
aristotelis telis aris
arpad arpi
aryeh ari leib
asher usher
ashok ash
athanasios thanasis sakis
avraham avi avrum
ayodele ayo dele
aysegul aysu
babajide jide
babatunde tunde
balakrishnan bala
balazs bali
bambang bams
barukh bracha
bela beluska
binyamin beni bibi benjamin
boaz bo
chana hana hannah
chandrashekhar shekhar chandra
charalampos babis lambis haralambos
chaya haya
chinedu nedu
christina tina
christos chris
chukwuemeka emeka
david dudu dave davey davy davie
deepak deepu
deepika deepu
despina depy
devora dvora deborah
dezso dezi
dharmendra dharam
dimitra mimi demetra
dimitrios dimitris mimis takis jimmy
dov berl
edit edo
eeva eevi
efraim efi
efstathios stathis
efstratios stratis
efthymia efi
efthymios makis
eleftheria ria
eleftherios lefteris
eleni lena heleni
eliezer eli lazer
elisabet liisa elli
elisheva shevi
elissavet elsa
eliyahu eli elijah
emine emos
emmanouil manolis manos
erika rika
erkki eki
erzsebet bozsi erzsi
esa esko
esther esti
eszter eszti
eva evi
evangelia litsa lia
evangelos vangelis
fatima fatoum tima
fatma fatos fadime
ferenc feri
folasade sade
fotios fotis
gabor gabi
gabriella gabi
gajendra gaju
ganesh gannu
gavriel gabi
georgia gogo
georgios giorgos yiorgos george
gerasimos makis
gergely gergo geri
gershon gersh
gopalakrishnan gopal
govind govinda
grigorios grigoris
gulay gul
gurpreet guri
gyorgy gyuri
gyula gyuszi
harish hari
harpreet harry
hasan hasso hassouna
hatice hatce
heikki henrik heke
helena leena
hemant hemu
hillel hili
husayn hassoun
huseyin huso
ibrahim ibo barhoum brahim
ifeoma ify
ilias elias lias
ilkka ile
ilona ica ili
imre imi
ioannis giannis yiannis yannis john
iosif sifis
irini rena irene
ismail iso
istvan pista isti steve stephen
jaakko jaska
jagannath jagan
jagdish jag
jamila jamoul
janos jancsi jani
jaswinder jassi
jayalakshmi jaya
jitendra jitu
johannes juha jussi hannu
joko jokowi
jozsef joska
judit jutka
juhani juha jussi
jukka juha
julia juli julcsi
kaarina kaisa
kalevi kale
kamalesh kamal
karan kannu
karoly karcsi
karthik kartik
katalin kati kata
katariina kati katri
kemal kemo
khadija khadouj
khalid khaloudi
klara klari
kleanthis kleon
konstantina dina nadia
konstantinos kostas costas dinos kostis
krishna kris
krishnan kris krish
kristiina tiina
kristof kriszti
kuldeep deep
kumar kumaran
kwabena kobby
kyosti kyde
kyriakos kyrkos
lajos lali
lakshmi laxmi
laszlo laci
leah lea
leena lena
leonidas leon
levi lev
loukas luke
magdolna magdi
mahendra mahi
mahesh mahi
mahmoud hamouda
mamadou mohamed amadou
manjunath manju
manoj mannu
manpreet mani
margareeta marketta reetta
margit manci
maria mari mariska marja maija marika maroula
maricel cel
markku marko make
martti mara
maryam maryouma
matti masa
meenakshi meena
mehmet memo muhammed mehmetcik
menachem mendel meni
meryem mero
michael miki michal
michail michalis mihalis
mihaly miska misi
mikael mika mikko
miklos miki
miriam miri
mohan mohanlal
mordechai moti motti mordecai
moshe moishe moyshe moshiko
muhamad mat
muhammad hamoud hamada mo
mukesh mukku
murat muro
mustafa musti sasa
naftali tuli
nana naana
narasimhan simha
narayanan narayan
narendra naren
natan nati
nechama nehama
ngozi ngo
niilo nipa
nikhil nikki
nikolaos nikos
nissim nisso
nour nounou
obinna obi
olavi olli
olusegun segun
oluwafemi femi
oluwaseun seun
oluwaseyi seyi
omar ammouri
osman osi
ousmane ousseynou
paavo pavel
padmanabhan padma
pal pali
panagiota giota
panagiotis panos takis notis
parameswaran param
paraskevi vivi evi
pavlos paul
pekka pietari
pentti pena
peter peti
petros peter
petteri pete
pinchas pini
piroska piri
pooja puja
pradeep deep
prakash pakku
prashant prash
priyanka priya
rachel rachela ruchi
rafail rafas
raghunath raghu
raimo rami
rajagopalan raja
rajendra raj
rajesh raj raju
rajiv raju
rajkumar raj
ramachandran ram ramu
ramakrishnan ramki
ramazan ramo
ramesh ram
ranjit ranju
ravichandran ravi
ravindra ravi
recep reco
refael rafi
reijo reiska
reuven rubi
riitta birgitta
risto kristian
rivka rivki rebecca
robert robi
rodrigo digong
rozalia rozi
sachin sachu
samir sammour
sandeep sandy
sandor sanyi alexander
sanjay sanju
sanjeev sanju
santosh santu
sarah sarale
satish sati
satyanarayana satya
saurabh sourabh
savvas savas
selahattin salih
seppo sepi
shabtai shabi
shankar shankaran
shantanu shantu
shaul shauli
shimon shimi
shira shiri
shivakumar shiva
shlomo shloimi
shmuel shmulik samuel
shoshana shosh susan
shubham shubh
siddharth sid
siti ti
sofia sofoula
sotiria ria
sotirios sotiris
spyridon spyros
srinivasan srini vasu srinivas
stavros stavrakis
stefanos stephanos
stylianii stella
stylianos stelios
subramanian subbu mani
sudhakar sudha
sukhdev sukhi
sukru suko
suleyman sulo
sundaram sundar
sunday sun
sunita sunu
surendra suri
suresh suri
susanna sanna
susilo sus
swaminathan swami
tamar tami
tamas tomi
tapani stephen
tapio tapsa
temitope temi tope
terez teri
theodora dora
theodoros thodoris thodoros
theofanis fanis
thomas thomais
tibor tibi
timo timppa
tuomas tomi
tzipora tzipi
tzvi zvi hirsch
umashankar uma
vasileios vasilis vassilis bill
vasiliki vaso vicky
veikko vekku
venkataraman venkat ramani
venkatesan venkat
venkatesh venky venkat venkata
vijay viju
vijayalakshmi viji vijaya
vikram vicky
ville vilho
vilmos vili
vinayak vinu
vinod vinnu
vishal vishu
vishwanathan vishy viswanathan
vissarion aris
yaakov kobi yankel
yechiel hilik
yehonatan yoni jonathan
yehoshua shuki joshua
yehuda yudi judah
yerachmiel rachmiel
yisrael srulik israel
yitzhak itzik yitzchak tzahi
yogesh yogi
yohanes yoyok
yosef yossi sefi
yusuf yuso yousi joe
zacharias zach
zalman zalmi
zaynab zanouba
zeev wolf
zeynep zeyno
zoltan zoli
zsigmond zsiga
zsofia zsofi
zsuzsanna zsuzsa zsuzsi
";
