//! Given and family names that are neither frequent nor in a group, but known: a known name that
//! differs by a letter from another known name is another name, not a slip of the pen. Names that
//! differ by their gender (Carlo, Carla) and near neighbours (Miller, Milner) matter most.

pub(super) const NAMES: &str = "\
abbas abbott abdi achakzai acosta adair adam adel aditi aditya adler adnan adrian adriana adriane \
adriano adrien adrienne afridi afzal aguirre ahmad aisha ajay ajmi akash akhil akram ala alberta alberto \
albrecht alder alderson aldridge aleksandra aleksei ali alia alina alisa alla allison alok alston amal \
aman amar ames amin amina amir amira amiri amit amita ammar amr amrit ana anand ananya anas anatoli \
ander anders andre andrea andreas andreea andrei angel angela angelina angelino angelo anil anita anja \
anjali ankit ankita anna anne anton antonia antonina antonino antonio antonius anuj anurag anwar anzi \
archer arias arif arifa arjun arkadi armstrong arnold artem arun aruna arvind asad asha ashby ashish \
ashok ashton ashwin asif aslam asma atkins atkinson avery ayala ayman aziz aziza azizi azmi bach \
bachmann badr baer bailey bain bakker bakr baldwin ball ballard banks barakzai barber barker barlow \
barnett baron barr barrera barron barry bartlett barton bates bauer baumann baxter bayer beach bean \
beard beasley beck becker beckett beer behrens bender benson benton berg berger bergman bergmann \
bernarda bernardo berry best beyer bharat bhavna bilal bishop black blackburn blair blake blanchard \
blanco blank blum bobkov bobrov bock bogdan bogdana bolton bond bondar bondarev booth borg boris borodin \
bortnikov bosch bose bowen bower bowers bowman boyd boyer brady brand brandt braun bravo bray breuer \
brewer bridges briggs bright brock brooke browning bruce bruna brunner bruno bryant buchanan buck \
buckley bugti burgess burke burnett burton busch bush butcher bykov byrd cain calderon caldwell camacho \
cameron camila camilla camille camilo campos cannon cantu carey carla carlo carlson carmela carmelo \
carney carpenter carr carrillo carroll carson case casey cash castaneda castro catalin catalina cecil \
cecile cecilia cervantes cesar cesare chambers chandler chandra chaney chapman chase chernov chernykh \
christian christiana christiane christin christina christine church claude claudia claudine claudio clay \
clayton clement clementine clements cline cobb cochran coffey cohen cole coleman collier combs compton \
conley connor conrad constantin constantine conway copeland correa cortez costello cotton couch cowan \
craft craig crane crawford cristian cristiano cristina crosby cross cruz cummings cunningham curry \
curtis dale dalton daniel daniela daniele danielle daniels danilov daria dario darya daugherty davenport \
david davida davide davina dawson dawud day dean decker deepak deepika delacroix delaney dempsey denis \
denise denton dev devika dhruv dickerson dickson diego dietrich dillard dillon dina dinesh divya dixon \
dmitri dodson dominguez dominic dominica dominik dominika dominique donaldson donata donato donovan \
dorsey dosari dotson doyle drake drozdov dubrov dudley duffy dunlap dunn duran durham durrani dyer \
dzhabarov eaton ebert eckert edgar edgardo edoardo eduard ekaterina elder elena eleonora elia elias elio \
elisa elise eliseo elizaveta ellis ellison emanuel emanuela emerson emil emile emilia emilian emilie \
emilio emily emma enezi engel england english enriquez eric erica erickson erik erika ernest ernesta \
ernesto ernst ershov escobar espinoza estes estrada eugene eugenia eugenie eugenio eva evan eve evgeni \
evgenia eyre fabia fabian fabiana fabien fabienne fabio fabrice fabrizio fadi fadil fahad fahd faisal \
faiz farah farid farida faris farley farmer farrell faruq fatih faulkner fawzi fayed fayez felice \
felicia felix ferdinand ferguson fernanda fernando ferrell fetisov fields figueroa filatov filip filipa \
filipp filippa filippo finch fink finley fischbach fitzgerald fitzpatrick flavia flavio fleming fletcher \
florian floriana florin florina flowers floyd flynn foley fomin forbes foreman forster fowler fox franca \
frances francesca francesco francis francisca francisco franco francois francoise franke franklin franks \
franz franziska frazier frederic frederica frederick freeman french frey friederike friedrich fritz \
frost fry frye fuchs fuentes fuller fulton gabriel gabriela gabriella gaines galina gallagher gallegos \
galloway gamble garner garrison garza gates gaurav gauri gautam gay geeta geiger gennadi george georges \
georgette georgi georgia georgina gerald geraldine gerard gerarda gerber ghada ghamdi gibbs gilbert \
gilberte gilberto giles gill gillespie gilliam gilmore gina gino giovanna giovanni girish giulia \
giuliana giuliano giulio glass gleb glenn gloria glover goff golden goldman golubev good goodman goodwin \
gopal gorbunov gould govind graf grant grau graves gray greer gregor gregory griffin griffith grigori \
grimes gromov gross guerra guerrero guida guido guillermina guillermo gunther gurev gurpreet gustavo \
guthrie guy haas hadi hadia hafiz hahn haidari hakim hakimi hala hale haley halim halima hall hamad \
hamid hamida hammond hampton hamza hana hancock haney hani hanna hannah hans hansen hansson harbi \
hardeep hardin harding hardy hari haris harish harmon harper harpreet harrell harrington hart harun \
harvey hasan hashim hassan hatem hatfield hawking hawkins hayden hayes haynes haytham head heath hebert \
heim hein heinrich helena helene heller helmut hema hemant hendricks hendrix henri henrietta henriette \
henry henson herbert herman hermann hermine hernan herring herrmann hess hester hewitt hiba hickman \
hicks higgins hilaria hilario hines hinton hisham hobbs hoda hodge hodges hoffman hogan holcomb holden \
holder holland holloway holman holmes holt holz hood hooper hoover hopkins hopper horn horne horst \
horton hosni hosseini house houston howe howell hubbard huber huff huffman hugo hull humphrey hunter \
hurley hurst hussein hutchinson hyde ibtisam idris ignacia ignacio igor imad iman inas indira ines inga \
inge ingo ingram iosif irene irina iris irwin isa isha ishaqzai ismail iva ivan ivana ivanka ivo ivonne \
ivor jabir jack jackie jacobs jaeger jafar jagdish jai jaime jalal jamal jamila jan jana jane janet \
janina janine janis jansen jansson jarvis jasim jaspreet jawad jaya jayant jean jeanne jeannette \
jefferson jennings jensen jerome jesus jesusa jihad jimenez jitendra joachim joan joana joanna joao \
joaquin joaquina joel joelle johan johann johanna johannes jon jonas jonathan jordan jorge jorgina jose \
josef josefa josefina joseph josephine josip josipa joyce juan juana juanita juarez judit judith julia \
julian juliana juliane julien julienne juliette julio jung justice jyoti kadyrov kailash kaiser kamal \
kamala kamil kamila kane kaplan karam karan karen karim karima karimi karin karina karl karla karlov \
karol karolina karoline karpov katarina katrin kavita kazakov kazim keith keller kelley kemp kent \
kerimov kern kerr kessler khadija khair khalid khalida khalil kharitonov khattak khokhlov kidd kiran \
kirby kirill kirk kirsch klara klaus klee klein klimov kline knapp knox koehler kohl kohler kolesnikov \
komarov konovalov kramer krause krishna kristian kristiana krueger kruse krylov ksenia kudryavtsev kuhn \
kulikov kunal kunz kurz laila lalit lalita lancaster landry lane lang lange langer langley lapin lara \
larisa lars larson lata latif latifa laura lauren laurence laurent laurie law lawson laxman layth \
lazarev lea leach leah leblanc leo leon leona leonard leonarda leonardo leonie leonor leopold leslie \
lester lev levine levy lewin lewis lia liam lidia lila lili lilian lilly lina lind linda lindberg \
lindgren lindner lindsay lindsey lino lisa little livingston logan loginov loic lola long lorenz lorenza \
lorenzo loris lothar lott louis louise lowe lowery luay lubna luca lucas lucero lucia luciana luciano \
lucien lucienne lucio lucy ludwig luigi luigia luis luisa luise luk lukas lukin lukyanov luna lutz luz \
lydia lynch lynn lyons lyubov mack madden maddox madeleine madhav madhu magda magnus mahdi mahendra \
maher mahesh mahir mahmud mahoney maja majed majid majida maksim maldonado malik malone manfred manish \
manisha manjit manju mann manning manoj mansur manuel manuela marc marcel marcela marcella marcelle \
marcello marcelo marcia marcin marcio marco marcos marcus margarita margit maria marian mariana marianne \
mariano marie marija marin marina marino mario marion marisa marissa marit marius mark marko markov \
marks markus marlene marlon marri marsh marta marte marten martens martha marti martin martina martine \
martino martynov marwa marwan maryam maryana maslov massey masud mathilde mathis matilda matteo matthias \
mattia maura maurer maurice mauricio maurizio mauro max maxim maxime maximilian maxwell may maya mayo \
mays maysa mcbride mccall mccarthy mccarty mcclain mcclure mcconnell mccormick mccoy mccullough mcdaniel \
mcdowell mcfarland mcgee mcgowan mcguire mcintosh mckay mckee mckinney mcknight mclaughlin mcmahon \
mcmillan mcneil mcpherson meadows meena meera mehsud mejia melanie melendez melina melissa melnikov \
melton mengal menzel mercado mercer merkel merritt merz meyers mia michael michaela michel michele \
middleton mila milan milana milena miles milica mills milner mina miranda mirela miriam mirka mirko miro \
mironov miroslav miroslava mishin mohammadi mohan mohit molina mona monica monika monroe montgomery \
montoya moody moon mooney moran moreno morin morrison morrow morse morton moser moses moss mueller \
muhsin mukesh mukhtar mukta mullins munch munich munir munira murad muravyov murphy musa mustafa mutairi \
myers nabil nabila nada nader nadezhda nadia nadim nadine naji najib najwa nalini nandini narayan naresh \
nash nasir nasira nasr natalie navarro naveen nawaf nawal nayef nazari nazarov nazir neal neeraj neeta \
neha nelli nesterov newman newton nichols nicholson nico nicola nicolai nicolas nicole nidal nika nikhil \
nikita nikolai nina nino nisha nitin nixon nizar noble noel noelle noemi nolan noorzai nora norbert \
norma norman norris norton nosov nour novak nowak nunez obrien ochoa oconnor octavia octavio odette odom \
odonnell oksana olaf olav oleg oleksandr oleksandra olesia olga oliver olivia olivier olsen omar oneal \
oneil orlov orr ortega osama osborn osborne oscar otaibi otto ovchinnikov owen owens pablo pace pacheco \
padilla padma page panfilov pankaj panov paola paolo parada pardo park parker parkes parks parra parrish \
parsons parvati pascal pascale pate patrice patricia patricio patrick patrizia patrizio patterson patton \
paul paula pauline paulo pavel pavla pavlenko pavlo pavlov pavlyuk payne pearson peck pennington perea \
perez perkins perrin peter petersen peterson petkov petr petra petrenko petro petrov petrovic petty \
pfeiffer phelps philip philippa philippe pia pickett pierce pierre pietro pittman pitts pohl polina \
pollard ponomarev pooja poole pop popa popal pope popov popovic porter potapov potter potts powers \
prabhat pradeep prakash pramod prasad prashant pratap pratt praveen preeti prem preston price prince \
priti priya priyanka prokhorov pruitt pugachev pugh puneet qahtani qais qasim quinn rabia radoslav \
radoslava rafael rafaela rafiq rahim rahima rahimi rahmani rahul raid raisa raj raja rajan rajeev \
rajendra rajesh rajiv rajni rakesh ralf ram ramadan raman ramesh rami ramon ramona ramsey rana randall \
randolph rania ranjan ranjit raphael raphaela raquel rashad rashid rashida rashidi rashmi rasmussen \
rasul rau rauf raul ravi ravindra reed reem reese reeves regina reich reid reilly reiner reinhardt rekha \
renata renate renato rene renee renu reyna reynolds rhodes ricarda ricardo riccardo rice rich richard \
richards richmond rida riddle riggs riley rios rishi rita ritter ritu rivas rivers riyad roach robbins \
roberson robert roberta roberto robertson robin robles rocco rodgers rodrigo roger rogozin rohan rohit \
rolf roman romana romano romeo rosa rosales rosario rosen rosina rostislav roth rowe rowland ruben \
rubina rubio rudolf rush ruslan ruslana russo ruth rutledge ryabov ryan ryzhkov sabah sabina sabine \
sabir sabri sachin sadiq saeed safi safonov safwan sagar said saif sajid salah salam salas salazar saleh \
salem salih salim salima salinas salma salman salvador salvatore sameer sami samia samih samir samira \
samoylov sampson samuel samuela sana sandeep sanders sandhya sandoval sandra sandro sanford sangeeta \
sanjay sanjeev santana santiago santosh sara sarita sascha satish satya saud saunders savage savelyev \
savin savita sawyer schaefer schafer schiller schlegel schreiber schubert schultz schulze schumacher \
schuster schwab sears sebastian sebastiana seema seidel sellers semyon sergia sergio serov serrano \
severin severine sexton shadi shadia shaffer shafiq shahid shakir shamrani shankar shannon shanti \
shapovalov sharad sharapov sharif sharifa sharifi sharp sharpe shashi shawqi sheela shelton shepard \
shepherd sheppard sherman shestakov shields shilov shilpa shinwari shirokov shiv shivani shobha short \
shubin shulgin shyam siddharth silvan silvana silvano silvia silvio simon simona simone sims singer \
singleton sita skinner slater sloan small smita sneha snider snow snyder sobolev sobyanin sofia sofya \
solis sommer sommers sonal sonia sonja sosa sparks spears spence spencer srinivas stafford stahl \
stanikzai stanislav stanislava stanley stanton stark steele stefan stefana stefania stefanie stefano \
stein steiner stella stepan stephan stephane stephanie stephens stephenson stern stevenson stokes stone \
stout strickland strong stuart suad suarez subaie subhash sudha sudhir suhail sukhov sulaiman sultan \
sultana sultani suman sumit summers sunil sunita suraj surendra suresh susanna sushil sushila sushma \
sutton suvorov sven svenja svetlana swanson swati sweeney sweet sychev sykes sylvain sylvaine sylvia \
sylvie taha taher tahir tahira talal talib talley tamim tania tanja tanner tara taras tariq tarun tate \
tatjana tawfiq terrell terry thamer thea theo thomas tikhonov tillman tim timo timofei timur tina titov \
tobias todd tom toni torres townsend travis tretyakov trevino trofimov trujillo tsarev tucker tyler \
tyson uday ulanov ulrich ulrika ulrike uma umar umesh underwood ursula usama usha usov ustinov uta ute \
uwe vadim valdez valencia valentin valentina valentine valentino valenzuela valeri valeria valerie \
valerio vance vanessa varun vasant vasil vasilisa vaughan vaughn veena vega velasquez velez vera \
veronica veronika vicenta vicente victor victoria vidya vijay vikas vikram viktor viktoria villa \
villarreal vimal vimala vinay vincent vincenza vincenzo vineet vinod vinson viola violeta vipin virgil \
virgilio virginia virginie vishal vitali vittoria vittorio vivek viviana viviane vlad vladimir vladimira \
vladislav vladislava vogel vogt volkov volodin voronov voss vsevolod vyacheslav wade wafa wagner wahid \
walid walker wall wallace waller walls walsh walter walters walton wanda ware warner warren washington \
wasim waters watkins watts weaver webb webster weeks weiner weiss welch wells werner west wheeler \
whitaker whitehead whitfield whitley whitney wiggins wilcox wilder wiley wilhelm wilkerson wilkins \
wilkinson willis wilma wilt winkler winter winters wise witt wolfe wolff wolfgang wong wood woodard \
woods woodward wooten workman wyatt wynn xaver yahya yakov yana yann yannick yaroslav yaroslava yaser \
yash yashin yasin yasmin yates yefimov yegor yelena yogesh york younis yousufi yudin yulian yuliana yuri \
yusra yusuf yusufzai yves yvette yvonne zadran zahid zahir zahra zahrani zaid zainab zakhar zaki zakia \
zamora zeller zhanna zhuravlev ziad ziegler zimin zimmer zimmerman zinaida zinin zlatan zoran zorana \
zoya zuev zuhair";
