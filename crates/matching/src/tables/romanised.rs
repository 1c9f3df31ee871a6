//! Romanisations and spellings of one name that the sound skeleton cannot bring together, one
//! group a line: Mandarin, Wade-Giles, Cantonese, Hokkien and Vietnamese readings of Chinese
//! family names; Arabic, Slavic, Greek, Japanese, Korean and Hebrew spellings.

pub(super) const GROUPS: &str = "\
wang wong ong vuong heng
li lee lei ly
zhang chang cheung cheong teo truong teoh
liu lau low liew luu
chen chan tan chin tran ting
yang yeung young yeoh duong yeo
huang wong hwang ng ooi oei hoang huynh wee
zhao chao chiu teo trieu
wu ng goh ngo woo
zhou chow chou chew chau
xu hsu hui tsui chui khoo koh
sun suen soon tun
ma mah
zhu chu choo gee
hu woo hoo wu ho
guo kwok kuo quek kuok quach
he ho hor ha
lin lam lim
gao ko kao go
luo law lo loh low
zheng cheng tay tee cheang trinh
liang leung leong neo luong
xie hsieh tse chia cheah ta
song sung soong tong
tang tong thong dang
han hon hahn
feng fung phung foong
yu yue yee
deng tang teng dang
cao tsao cho chou tso
peng pang phang
zeng tsang tseng chan tang
xiao hsiao siu siew tieu
tian tien tin
dong tung tong
pan poon phua phan pun
yuan yuen wan nguyen
cai tsai choi chua choy thai
jiang chiang keung kiang kong giang
yu yee yui
du to tu dou
ye yeh yip ip yap diep
cheng ching trinh
wei ngai nguy way
su so soo to
lu lui loo
ding ting
ren jen yam yum
shen shum sum sim tham
yao yiu yeow
lu lou luk lo loke
jiang keung
cui tsui choi
tan tam tham
fan van pham
wang wan
shi shih see sze si
jin chin kam kim
xia hsia ha
qiu chiu yau khoo
fang fong
bai pai pak peh
meng mang
qin chin tsun
yin yan wan
xue hsueh sit
yan ngan gan yim
lei loi lui
hou hau
long lung
tao to tow
gu ku koo
mao mo
hao hou
fu foo hu
qian chien tsin chin
dai tai
mo mok
kong hung khong
xiang hsiang heung
wei way wai
fang fong
jing ching
yan yen
min man
jun chun
jie chieh kit
qiang chiang keung
yong yung wing
ming ming
xiaoli hsiaoli siulai
xiuying hsiuying
zhiqiang chihchiang
jianguo chienkuo
xiaoming hsiaoming
jianhua chienhua
guoqiang kuochiang
zhiwei chihwei
qing ching
zhen chen
zhong chung
hong hung
rong jung yung
park pak bak
lee yi rhee li ri
kim gim
choi choe chwe
jung jeong chung cheong
kang gang
cho jo joe
yoon yun
jang chang
lim im rim
shin sin
kwon gwon
hwang whang
ahn an
yoo yu ryu ryoo you
moon mun
baek paik paek back
noh roh no
sung seong
young yeong yong
hyun hyeon
mohammed muhammad mohamed mohammad mohamad mohd muhammed mehmet mhmd
ahmed ahmad ahmet achmed ahmd
mahmoud mahmud mehmood mahmut
hussein husayn hussain hossein husain huseyin hsyn
hassan hasan hsn
youssef yusuf yousef joseph yusef youssouf yousuf ywsf
yaqub yacoub yaaqob jakub
omar umar omer
othman uthman osman
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
sayed sayyid sayed elsayed alsayed said
masri elmasry almasri
saleh salih salah
mansour mansur
khalil khaleel halil
haddad hadad
rahman rehman
sharif shareef cherif
qasim kassem kasim gasim
tariq tarek tarik
walid waleed
rashid rasheed rachid
yasin yassine yaseen
zhukov jukov schukow joukov
tchaikovsky chaykovskiy tschaikowski chaikovsky
mikhailov mihajlov michailow mikhaylov
fyodorov fedorov fjodorow
fyodor fedor theodor
alexander aleksandr oleksandr alexandr
alexandra aleksandra oleksandra
alexei aleksei alexey aleksey oleksii
yevgeny evgeny evgeni yevhen evgenii
yelena elena olena
yekaterina ekaterina kateryna
sergei sergey serhiy serhii sergej
andrei andrey andriy andrii andrej
dmitry dmitri dmytro dimitri dmitrij
mikhail michail mykhailo mihail
nikolai nikolay mykola nikolaj
vladimir wladimir volodymyr uladzimir
vasily vasiliy vasyl wassili
yuri yury yurii juri iouri jurij
yulia julia yuliya iuliia
natalia nataliya natalya nataliia
tatiana tatyana tetiana tatjana
irina iryna
ilya illia ilia
pyotr petr petro piotr
yakov jakov yakiv
schwartz schwarz shvarts szwarc
khrushchev khrushchov chruschtschow
chekhov tchekhov tschechow
giorgos georgios yorgos yiorgos
giannis ioannis yiannis yannis
aikaterini katerina ekaterini
eleni heleni helen
papadopoulos papadopulos
georgiou georgiu
nikolaidis nicolaides nikolaides
pappas papas
watanabe watanabe
kenji kenzi
shinji sinji sinzi
junichi jun-ichi
joji johji
yoko youko
ono ohno oono
oh o oo
oyama ohyama ooyama
kyoko kyouko
moshe moses moishe
yitzhak isaac yitzchak itzhak
chaim haim hayim
cohen kohn kohen cohn koen
levi levy lewy
katz kac
shlomo solomon
yaakov jacob yaacov yakov
sean shaun shawn
john jon
catherine katherine kathryn katharine cathryn catharine
philip phillip
stephen steven
geoffrey jeffrey jeffery
sarah sara
ann anne
hannah hanna
elisabeth elizabeth
smith smyth smythe
brown browne
clark clarke
reed reid read
thompson thomson tomson
stewart stuart steward
mcdonald macdonald
davis davies
johnson johnston jonson
white whyte
moore more moor
green greene
taylor tayler tailor
nielsen nielson neilson nilsson
hansen hanson hansson
petersen peterson pedersen peters
meyer meier maier mayer mayr
schmidt schmitt schmid smith
hofmann hoffmann hoffman
lefevre lefebvre
";
