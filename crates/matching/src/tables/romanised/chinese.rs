//! Chinese family names in Mandarin, the older spelling of Wade and Giles, Cantonese, Hokkien,
//! Teochew and Vietnamese; and frequent given names.
//! One group a line.

pub(super) const FAMILIES: &str = "\
wang wong ong vuong heng
liu lau low liew luu
chen chan tan chin tran ting
yang yeung young yeoh duong yeo
huang wong hwang ng ooi oei hoang huynh wee
zhao chao chiu teo trieu
zhou chow chou chew chau
xu hsu hui tsui chui khoo koh tu
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
du to tu dou do
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
cui tsui choi
tan tam tham dam
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
tao to tow dao
gu ku koo
mao mo
hao hou
fu foo hu
qian chien tsin chin
dai tai
mo mok mac
kong hung khong
xiang hsiang heung
wei way wai
ouyang auyeung
situ szeto seto
sima szuma
zhuge chukot
xiahou hahau
gan kan kam
gong kung
guan kwan kuan koon
geng keng
hong hung ang
ji chi kei
ke ko or quah
kuang kwong
lai loi
li lee lei ly lie
liao liu liew liaw
lian lin lien
mu mok
ni ngai
niu ngau
nie nip
ou au ow
pei pui
qi chi chai
qu chu wat
ruan yuen nguyen
shang sheung
shao shiu siu
she sheh
sheng shing
wen wan mun boon
weng yung ong
wu ng goh ngo woo eng
xin hsin sun
xing hsing ying
xiong hsiung hung
you yau yew
zhan chan chim jim
zhang chang cheung cheong teo truong teoh tiu tjong
zhong chung cheong
zhuang chuang chong ching
zhuo cho cheuk toh
zou tsou chau
zu tso
zhai chai
cen tsen sum
chang sheung
che chu
chi chee
chu cho
cong tsung
dou tou
duan tuan tuen
fei fai
ge ko kot
ba pa
an on
ban pan
bao pao bow
bi pi
bian pien
bo pak
bu po
jia chia ka ga
jiao chiao
jian kan
jing king
kang hong kong
yi i yee
yue ngok
";

pub(super) const GIVEN: &str = "\
jing ching
yan yen
min man
jun chun
jie chieh kit
qiang chiang keung
yong yung wing
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
ying ing
mei mui
xiu siu hsiu
guo kuo kwok
jian chien kin
jin chin kam
wen man
hua wah hwa
zhi chih chi
de te tak
ying eng
hui fai wai
shu shuk
xiao hsiao siu
xin hsin
xue hsueh suet
ze tse chak
dong tung
zedong tsetung
jieshi kaishek chiehshih
zhongshan yatsen
yixian yatsen
ping pin
qi chi
";
