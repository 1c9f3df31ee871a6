//! European, Greek, Hebrew, Armenian, Georgian, Indian and Japanese names whose spellings the
//! skeleton keeps apart.
//! One group a line.

pub(super) const GROUPS: &str = "\
giorgos georgios yorgos yiorgos
giannis ioannis yiannis yannis
aikaterini katerina ekaterini
eleni heleni helen
papadopoulos papadopulos
georgiou georgiu
nikolaidis nicolaides nikolaides
pappas papas
kenji kenzi
shinji sinji sinzi
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
sean shaun shawn
john jon
catherine katherine kathryn katharine cathryn catharine
philip phillip
stephen steven
geoffrey jeffrey jeffery
sarah sara
ann anne
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
nielsen nielson neilson
hansen hanson hansson
petersen pedersen peterson
meyer meier maier mayer mayr
schmidt schmitt schmid schmied
hofmann hoffmann hoffman
lefevre lefebvre
nilsson nilson nielson
olsen olson olsson ohlsson
andersen anderson andersson
christensen kristensen
jorgensen joergensen
sorensen soerensen
weiss weis
weber webber
schroder schroeder schroeter
koch kock
kraus krause krauss
becker bekker
rossi rosi
saint st
sainte ste
george jorge georg georges giorgi
jonathan johnathan jonathon
nicholas nicolas nikolas
matthew mathew
phillips philips philipps
allen alan allan
lawrence laurence
eliot elliott elliot
connor conor
kenney kenny
murray murry
lloyd loyd
neal neil neill oneill oneil
mckenzie mackenzie
mclean maclean mclain
mcleod macleod
mcgregor macgregor
mcintyre macintyre
ferguson fergusson
simpson simson
sinclair stclair
wright right
lewis louis
mathews matthews
rogers rodgers
harris harries
bennett bennet
barrett barret
garrett garret
everett everet
pierce pearce
byrne byrnes burns
kelly kelley
reilly riley oreilly
sheehan sheahan
donohue donahue donoghue
keogh kehoe
maher meagher
dacosta costa
desouza souza sousa
dossantos santos
gonzalez gonzales goncalves
rodriguez rodrigues
hernandez hernandes fernandez
martinez martines
lopez lopes
perez peres
sanchez sanches
ramirez ramires
gomez gomes
dominguez domingues
alvarez alvares
vasquez vazquez vasques
jimenez ximenez gimenez
papadimitriou papademetriou
christodoulou hristodoulou
christos hristos
charalampos haralambos
georgiadis georgiades
nikolaou nicolaou
antoniou andoniou
ioannidis ioannides
konstantinou constantinou
konstantinos constantinos constantine
dimitrios demetrios dimitris demetris
vasileios vassilios vasilios
athanasios thanasios
evangelos euangelos
stylianos stelianos
aristotelis aristoteles
sokratis socrates
michail michael mihail
efstathios eustathios
tsipras cipras
venizelos benizelos
varoufakis baroufakis
benjamin binyamin benyamin binjamin
netanyahu netanjahu nethanyahu
yehuda judah jehuda yehudah
yehoshua joshua
shimon simon
eliyahu elijah
yisrael israel
yosef joseph jozef
yaakov jacob yaacov yakov yacov
rivka rebecca
rachel rahel
leah lea
miriam miryam
esther ester
avraham abraham avram
aharon aaron
shmuel samuel
mordechai mordecai mordekhai
shaul saul
david dawid daoud davit
hanna chana hannah
zvi tzvi tsvi
zeev zev
peretz perez
mizrahi mizrachi
friedman fridman friedmann
goldberg goldberger
rosenberg rozenberg
rabinowitz rabinovich rabinovitch
hovhannes ohannes
hakobyan akopyan hagopian
harutyunyan arutyunyan haroutunian
sargsyan sarkisyan sarkisian
grigoryan krikorian
petrosyan bedrosian
karapetyan karapetian garabedian
hovhannisyan ovanesyan hovannisian
simonyan simonian
margaryan markarian
avetisyan avetisian
ghazaryan kazarian
manukyan manoukian
poghosyan pogosyan boghossian
vardanyan vartanian
stepanyan stepanian
gevorgyan kevorkian
davtyan davidian
saakashvili sakashvili
shevardnadze schewardnadse
ivanishvili ivanichvili
giorgi georgi
mikheil mikhail
nguyen nguyan
singh sing
krishna krisna
krishnan crishnan
lakshmi laxmi lakshmy
vijay bijay
vikram bikram
srinivasan shrinivasan
shrestha srestha
chaudhary choudhary chowdhury chaudhry chaudhuri choudhury chaudhri
banerjee bandyopadhyay banerji
mukherjee mukhopadhyay mukherji
chatterjee chattopadhyay chatterji
ganguly gangopadhyay
bose basu bosu
roy ray
dutta datta dutt
iyer aiyar ayer
aung oung
htun tun htoon
kyaw kyaing
thein thain
hlaing hlaine
suharto soeharto
sukarno soekarno
susilo soesilo
yudhoyono judhojono
ongkiko ongco
takahashi takahasi
oshima ooshima ohshima
otani ohtani ootani
ota oota ohta
okubo ohkubo ookubo
saito saitoh saitou
ito itoh itou
sato satoh satou
kato katoh katou
goto gotoh gotou
endo endoh endou
kondo kondoh kondou
kudo kudoh kudou
ando andoh andou
naito naitoh naitou
jiro jirou ziro
taro tarou
ichiro ichirou
yuko yuuko
yuki yuuki
shun syun
shota syouta shouta
joe jou
ryo ryou
kyo kyou
fuji huji
fumio humio
tsutomu tutomu
chika tika
shigeru sigeru
jun zyun
tatsuya tatuya
abe ave
";
