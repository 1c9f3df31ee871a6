//! Arabic, Persian, Turkish and Afghan names in English, French, Turkish and other spellings.
//! One group a line.

pub(super) const GROUPS: &str = "\
mohammed muhammad mohamed mohammad mohamad mohd muhammed mehmet mhmd mohamud mohammod muhamad muhamed mohammadu mohamadou mamadou mouhamed mouhamadou muhammet mukhamed magomed mahomed mahommed mohammud md moh mehmed mahammad mukhammad mukhamad muxammad
ahmed ahmad ahmet achmed ahmd
mahmoud mahmud mehmood mahmut
hussein husayn hussain hossein husain huseyin hsyn
hassan hasan hsn
youssef yusuf yousef joseph yusef youssouf yousuf ywsf
omar umar omer
ibrahim ebrahim brahim abraham
ismail ismael esmail
khaled khalid khaleed
abdullah abdallah abdulla abdellah
abdulrahman abderrahmane abdelrahman abdurrahman
abdulaziz abdelaziz
abdel abdul abd
fattah fatah fatih
suleiman sulaiman solomon soliman suleyman
fatima fatimah fatma fatemeh
aisha aysha ayesha aicha ayse
khadija khadijah hatice
maryam mariam miriam meryem
noor nour nur noura
layla leila leyla laila
huda hoda
zainab zeinab zaynab zeynep
jamal gamal djamal
jamil gamil djamil
sayed sayyid elsayed alsayed saied seyed syed seyyed sayyed saiyed
saleh salih salah
khalil khaleel halil
haddad hadad
rahman rehman
tariq tarek tarik
walid waleed
rashid rasheed rachid
yasin yassine yaseen
said saeed sayeed saeid saed saiid
ali aly alee
hamid hameed hamed
majid majeed magid
saad sad
samir sameer
jafar jaafar gaafar djafar cafer jaffar
nasir nasser naser nassir nasr
adil adel
amin ameen emin
aziz azeez
bashir basheer bachir besir
farid fareed
faruq farouk farooq faruk farouq
faisal faysal feisal fayssal feysal
habib habeeb
hadi hady
hakim hakeem
hamza hamzah hamze
haroun harun haroon aaron
hisham hicham hesham
imad emad
iqbal eqbal
jabir jaber gaber djaber
jawad javad gawad
kamil kamel
karim kareem kerim
latif lateef
mahdi mehdi mahdy
malik malek
masoud masud massoud masood mesut
mohsen muhsin mohsin
munir mounir muneer
murad mourad murat
musa mousa moussa moosa
mustafa mostafa moustafa mustapha mostefa
nabil nabeel
nadir nader
najib nagib najeeb
nazir nadhir nazeer
nizar nezar
qadir kader qader kadir gadir
qadhafi gaddafi qaddafi kadhafi kadafi gadhafi gathafi khadafy algaddafi alqadhafi
rafiq rafik rafeeq
rahim raheem
ramadan ramadhan ramazan ramzan
rauf raouf
riyad riad riyadh
sabir saber
sadiq sadik sadegh sadeq siddiq
salah salaheddin
salahuddin salaheddine selahattin
salim saleem selim slim
salman selman
sami samy
shukri choukri
siraj seraj
taha tahha
talib taleb
tawfiq tawfik toufik taoufik tevfik
usama osama oussama ussama
uthman othman osman ousmane usman otman
wahid waheed
yahya yehia yahia yehya
yaqub yacoub yaaqob jakub yaghoub yaqoob
yasir yaser yasser
zaid zayd zeid
zakariya zakaria zekeriya zachariah
zayn zain zein zine
zia ziya diya
ayman aymen aiman
anwar anouar enver
assad asad esad
dhahabi thahabi
abidin abedin abdine
abubakr aboubakr aboubacar abubakar ebubekir
abd abed
ghazi gazi
ghulam gholam
haydar haider heydar hyder
husni hosni hosny husney
izz ezz
jihad gihad cihad
kazim kadhim kadhem kazem
khidr khodr khader hizir
lutfi lotfi
luay louay loay
maamoun mamun mamoun
marwan marouane merouane
mubarak mobarak moubarak mbarek
muammar moammar mouammar
muqtada moqtada
nuri nouri
qasim kassem kasim gasim ghasem kacem
ridha reza rida riza redha
rushdi roshdi
saddam sadam
safi safy
sharif shareef cherif sherif
shaykh sheikh
taj tadj
tayyib tayeb tayyip taieb
turki torki
ubayd obaid obeid
uday odai oday
wael wail
yunus younes younis yunis yonus
zuhair zouhair zoheir
zubair zubayr alzubair
amina aminah emine
jamila jamilah gamila djamila
karima karimah
latifa latifah
nadia nadiya
naima naimah
rabia rabiah
rania raniya
rasha racha
salma selma
samira sameera
shaima chaima shaimaa
sumaya sumayya soumaya
yasmin yasmine jasmin jasmine yasmeen
zahra zohra zehra
zakia zakiya
assaf assaaf
hanafi hanafy
hawsawi housawi
jaziri aljaziri
khatib khateeb katib
libi liby allibi
maghribi moghrabi
masri masry elmasry almasri misri
najjar naggar
najjar nadjar
qahtani kahtani gahtani
shahri shehri chehri
shammari shamari
shehhi shihhi
sudani soudani
tikriti takriti
tunisi tounsi
yamani yemeni
zarqawi zarkawi
zawahiri zawahri
ghamdi gamdi
harthi harithi
barzani barzany
talabani talabany
ayatollah ayatullah
hojjat hujjat
rafsanjani rafsandjani
khamenei khamenehi
rouhani rohani
soleimani sulaimani suleymani solaymani
hosseini husseini hussaini hosayni husayni
hashemi hashimi
mousavi musavi moosavi
karroubi karrubi
qalibaf ghalibaf
larijani laridjani
salehi salihi
shariati chariati
vahidi wahidi
akhund akhond
haqqani hakkani
mansoor mansur mansour
mehsud mahsud
hekmatyar hikmatyar
rabbani rabani
karzai karzay qarzai
ghani gani
dostum dostam
fahd fahad
hashim hashem
tahir taher
majid majed
hatim hatem
salim salem
khalil khaleel
";
