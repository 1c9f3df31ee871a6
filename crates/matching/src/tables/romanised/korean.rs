//! Korean names in the spellings that their bearers choose.
//! One group a line.

pub(super) const GROUPS: &str = "\
park pak bak
lee yi rhee li ri
kim gim
choi choe chwe
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
han hahn
suh seo so
hong houng
ko go koh
son sohn
bae pae bai
hur huh heo her
nam nahm
shim sim
ha hah
joo ju chu
woo u wu
koo gu ku goo
jin chin
ji chi jee
um eom uhm
chae chai
chun cheon
bang pang
kong gong
ham hahm
byun byeon pyon
yum yeom
yeo yo
choo chu
suk seok sok
sun seon son
gil kil
wi wee
myung myeong myong
ra na la
jeon chun jun chon
min meen
guk kuk kook
hee hui hi
kyung gyeong kyong
hye hae
joon jun chun
soo su
il ill
in ihn
jae che
jung jeong chung cheong jong chong
kyu gyu
mi mee
sang sahng
sook suk
tae tai dae
uk wook ook
won weon
eun un
hwan whan
geun keun kun
chul cheol chol
sik shik
ik eek
gyun kyun
bum beom bom
seung sung
hyung hyeong hyong
";
