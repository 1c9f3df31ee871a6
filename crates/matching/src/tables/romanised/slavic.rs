//! Russian, Ukrainian, Belarusian and South Slavic names in English, German, French and their own
//! spellings.
//! One group a line.

pub(super) const GROUPS: &str = "\
zhukov jukov schukow joukov
tchaikovsky chaykovskiy tschaikowski chaikovsky
mikhailov mihajlov michailow mikhaylov
fyodorov fedorov fjodorow
alexander aleksandr oleksandr alexandr
alexandra aleksandra oleksandra
alexei aleksei alexey aleksey oleksii
yevgeny evgeny evgeni yevhen evgenii
sergei sergey serhiy serhii sergej
andrei andrey andriy andrii andrej
dmitry dmitri dmytro dimitri dmitrij
nikolai nikolay mykola nikolaj
vladimir wladimir volodymyr uladzimir
vasily vasiliy vasyl wassili
yuri yury yurii juri iouri jurij
yulia julia yuliya iuliia
natalia nataliya natalya nataliia
tatiana tatyana tetiana tatjana
irina iryna
pyotr petr petro piotr
yakov jakov yakiv
schwartz schwarz shvarts szwarc
khrushchev khrushchov chruschtschow
chekhov tchekhov tschechow
fyodor fedor theodor fyodr feodor
yevgeniya evgenia evgeniya yevheniia eugenia
anatoly anatolii anatoliy anatoli anatolij
gennady gennadii gennadiy gennadi hennadii
grigory grigori grigoriy grigorii hryhorii hryhoriy
igor ihor ihar
oleg oleh aleh
kirill kyrylo kiryl cyril
konstantin kostiantyn kostyantyn konstantyn kanstantsin constantin
kseniya ksenia xenia
ksenia kseniia
leonid leanid
lyudmila ludmila liudmila lyudmyla liudmyla
maxim maksim maksym
nadezhda nadiya nadiia nadejda nadeschda
nikita mykyta mikita
pavel pavlo pavl pawel
roman raman
stepan stsiapan
svetlana svitlana sviatlana swetlana
sofya sofia sofiya
timofey timofei tymofii
valentin valentyn
valentina valentyna
valery valeriy valerii valeri waleri
vitaly vitaliy vitalii vitali witali vital
viktor victor
viktoriya victoria viktoria
vladislav uladzislau vladyslav wladislaw
vyacheslav viacheslav vjaceslav wjatscheslaw viachaslau
yaroslav jaroslav iaroslav
yegor egor iegor
yekaterina ekaterina kateryna iekaterina jekaterina
yelena elena olena alena jelena
yelizaveta elizaveta yelyzaveta lizaveta
arkady arkadiy arkadii arkadi
artem artyom artiom artsiom
afanasy afanasiy panas
daniil danylo daniel danila
denis denys dzianis
ilya illia ilia illya elijah
iosif yosyp osip joseph
lev leo lew
matvey matvii matvei
mikhail michail mykhailo mihail mikhael mihajlo michajl mykhaylo
semyon semen semion
zhanna janna jeanne
georgy georgiy georgii heorhii heorhiy georgi
shevchenko chevtchenko schewtschenko szewczenko
poroshenko porochenko
yanukovych yanukovich ianukovich janukowitsch
yushchenko iouchtchenko juschtschenko yuschenko
zelensky zelenskyy zelenskiy zelenskyi selenskyj
lukashenko lukashenka loukachenko
tikhanovskaya tsikhanouskaya
yeltsin eltsin eltsine jelzin
gorbachev gorbachov gorbatschow gorbatchev
brezhnev breschnew brejnev
solzhenitsyn solschenizyn soljenitsyne
dostoevsky dostoyevsky dostojewski dostoievski
tolstoy tolstoi tolstoj
pushkin puschkin pouchkine
putin poutine
medvedev medwedew
shoigu schoigu choigou shoygu
lavrov lawrow
kovalev kovalyov kowaljow kovaliov
soloviev solovyov solovev solowjow
grigoriev grigoryev grigorjew
vasiliev vasilyev vasilev wassiljew
yakovlev iakovlev jakowlew
zhirinovsky schirinowski jirinovski
zaitsev zaytsev saizew
tsvetkov zwetkow
tsybulko cibulko
chernov tschernow tchernov
chaika chayka tschaika
shcherbakov schtscherbakow chtcherbakov
kuznetsov kusnezow kouznetsov
alekseev alexeev alekseyev alexeyev
sergeev sergeyev sergejew
andreev andreyev andrejew
matveev matveyev
semenov semyonov semjonow
kiselev kiselyov
vorobiev vorobyov vorobev
djokovic dokovic
djordjevic dordevic
djindjic dindic
milosevic miloshevich milosevitch
karadzic karadzhich
mladic mladich
seselj sheshel
vucic vuchich
";
