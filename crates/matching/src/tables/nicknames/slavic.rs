//! Polish, Russian, Ukrainian, Czech, Slovak, Serbian, Croatian and Bulgarian given names.
//! One group a line: the full name first.

pub(super) const GROUPS: &str = "\
agata agatka
agnieszka aga agusia jagna
albert alik
albina alya
aleksandar aca sasa aco
aleksander olek alek
aleksandr alex sasha sanya shura
aleksandra ola olka
aleksei alyosha lyosha alexey alexei alexis aleksey
alla alochka
alzbeta betka
anastasia nastya asya stacy stasya
anatoly tolya anatoliy tolik anatoli anatolii
andrei andrey andryusha
andrzej jedrek
anna ania anka anusia anya nyura anechka hanna anicka andulka
ante anto anthony
anton antosha
antonin tonda
antonina tosia tonya
arkady arkasha arkadiy arkadi
artur arturchik
artyom tyoma artem artiom
barbara basia
beata beatka
bogdan bohdan boguslaw danya
boguslaw bogus
boleslaw bolek
boris borya
bozena bozenka
czeslaw czesiek
danuta danka
danylo danya daniel
daria dasha darya
dariusz darek
denis denya denys
dimitar mitko dimitri
djordje djole george
dmitry dima mitya dmitri dimitri dimitris dimitrios
dorota dorotka
dragan gaga
dragoslav draga
dusan dule
eduard edik
edward edek
ekaterina katya katja yekaterina catherine
elena lena yelena helena alyona
elizaveta liza yelizaveta lizaveta elizabeth
elzbieta ela elka
eva evicka
evgenia zhenya yevgenia eugenia
evgeny zhenya yevgeny evgeni eugene jenya
ewa ewka
ewelina ewa
franciszek franek
frantisek franta fanda
fyodor fedya fedor
galina galya
gennady gena gennadiy hennadii gennadi
genowefa genia
georgi gosho george
georgy zhora gosha
gleb glebushka
grigory grisha
grzegorz grzesiek grzes
halina halinka
halyna halya galina
hana hanka
hanna hania
henryk heniek
hristo itso christopher
hryhorii hrysha grigory
ignat ignaty
igor ihor garik
ilya ilyusha
inna innochka
iosif osip yosif
irena irenka
irina ira irisha
ivan vanya vania john ivas vanko ivica vanyo
ivanka vanya
jacek jacus
jadwiga jadzia
jakub kuba
jan janek jas honza jenda janko
jana janicka
jaroslav jarda
jaroslaw jarek
jelena jeca helen
jerzy jurek
jiri jirka
joanna asia aska
josef pepa pepik
josip joso joza joseph
jovan joca john
jozef jozek jozko
juraj duro
justyna justysia
karel karlik kaja
katarina katka kata
katerina katka
kateryna katya
kazimierz kazik
kirill kirya kirilo kyrylo cyril
konstantin kostya costa
kristina kristya
krystyna krysia
krzysztof krzysiek krzys
ksenia ksyusha xenia oksana
larisa lara
lenka lenicka
leonid lyonya
leszek lech
lev lyova leo lew
lidia lida lidiya
ljiljana ljilja
lukas lukasek
lukasz luki
lyubov lyuba liubov
lyudmila lyuda mila ludmila
maciej maciek
magdalena magda
maksim max maxim
malgorzata gosia malgosia goska
marcin marcinek
marek mareczek
margarita rita
maria marysia maryska masha mariya marusya
marie marenka marka
marija mara maja
marina marisha maryna
marko mare
mateusz mati
matvey motya matvei
michal michalek
mieczyslaw mietek
mikhail misha michail michael
milan milanko mica
milica mica
milos misa
mirjana mira
miroslav mirek
miroslaw mirek
monika monia
mykhailo misha mykhas
mykola kolya mykolka nikolai
nadezhda nadya nadia
natalia natasha natalya nataliya natalka
nebojsa nesa
nenad neso
nikita nik
nikola nidza nicholas
nikolai kolya nikolay nicholas
nikolay niki
nina ninochka
oksana ksyusha xana
oleg olezhka
oleksandr sasha sashko oleksa
oleksandra sasha
oleksii oleksiy lyosha alexey
olena olenka lena
olga olya olha
pavel pasha pavlik
pawel pawelek
pelageya polya
petar pera peter pesho
petr pet
petro petryk
piotr piotrek
plamen placho
polina polya
predrag pedja
przemyslaw przemek
pyotr petya piotr petr
radoslaw radek
radovan rade
rafal rafalek
raisa raya
roman roma romek
rostislav rostik rostyslav
ruslan rusik
ryszard rysiek
semyon senya semen simeon
sergei seryozha sergey serge serhii
slawomir slawek
slobodan sloba boban
snezana sneza
sofia sonya sonia
stanislav stas slava standa
stanislaw staszek stas stach
stefan stefek stevo stefcho
stepan styopa stefan
stevan steva
stjepan stipe stephen
svetlana sveta svitlana ceca
sylwester sylwek
tadeusz tadek
taisia taya
tamara toma
taras tarasyk
tatiana tanya tania tatyana
teresa terenia
timofey tima timofei
timur tima
todor tosho theodore
tomas tom tomasek
tomasz tomek
tomislav tomo
urszula ula
vaclav vasek wenceslas
vadim vadik vadym
valentina valya
valery valera valeriy valerii valeri
vasilisa vasya
vasily vasya basil vasili
vasyl vasylko
veniamin venya benjamin
vera verochka
veronika nika
viktor vitya
viktoria vika viktoriya
vitaly vitalik vitaliy vitalii vitali
vladimir vova volodya vlad wladimir volodymyr vlada
vladislav vlad slava
vladislava vlada
vojislav voja
vsevolod seva
vyacheslav slava
waldemar waldek
wieslaw wiesiek
witold witek
wladyslaw wladek
wlodzimierz wlodek
wojciech wojtek
yaroslav slava yarik
yefim fima efim
yegor egor zhora george
yevdokia dusya
yevgeniya zhenya evgeniya yevheniia
yordan dancho
yulia yulya julia
yuri yura jury
zakhar zakharka
zbigniew zbyszek
zdenek zdenda
zdzislaw zdzisiek
zeljko zeka
zinaida zina
zofia zosia
zoran zoki
zoya zoika
zuzana zuzka
zygmunt zygi
";
