//! How common names are, coarsely and over the world: three classes written from general
//! knowledge, for judging a pair of names without any data around it. A name that is in no class
//! and in no other table counts as rare.

/// Borne by more than about one in 250 people of a large part of the world.
pub(super) const VERY_COMMON: &str = "\
muhammad ahmad ali hassan husayn abdullah ibrahim omar yusuf fatima maryam khan singh kumar devi wang li zhang liu chen yang huang \
zhao wu zhou kim lee park choi jung nguyen tran le pham maria jose juan garcia rodriguez martinez hernandez lopez gonzalez perez \
sanchez silva santos oliveira souza ana john james robert michael david william mary smith johnson williams brown jones ivanov \
ivanova aleksandr sergei vladimir andrei dmitri elena olga tatiana natalia anna ivan nikolai mikhail alexander khalid said mahmoud \
abdul abdulrahman mehmet mustafa yilmaz kaya sharma patel das begum bibi islam hossain";

/// Borne by more than about one in two thousand.
pub(super) const COMMON: &str = "\
peter paul thomas charles george joseph richard daniel mark steven kevin brian edward ronald anthony christopher matthew joshua \
andrew kenneth timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott frank brandon benjamin \
samuel gregory patrick jack dennis jerry tyler aaron henry douglas adam nathan zachary walter harold kyle carl jeremy keith roger \
arthur terry sean christian austin noah jesse joe bryan billy bruce albert willie gabriel logan alan philip simon martin ian \
patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna \
michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley emma brenda \
pamela nicole helen samantha katherine christine catherine rachel carolyn janet ruth julia heather diane virginia joyce \
victoria kelly lauren christina joan evelyn judith andrea hannah megan cheryl jacqueline martha gloria teresa ann sara \
madison frances kathryn janice jean alice julie \
miller davis wilson anderson taylor thomas moore jackson martin thompson white harris clark lewis robinson walker \
young allen king wright scott hill green adams baker nelson carter mitchell roberts turner phillips campbell parker evans edwards \
collins stewart morris rogers reed cook morgan bell murphy bailey cooper richardson cox howard ward watson brooks bennett gray \
james hughes price myers long foster ross powell jenkins perry russell sullivan bell coleman butler henderson barnes fisher \
simpson mason hunt palmer knight stevens gibson graham murray ford hamilton harrison marshall kennedy burns gordon shaw \
carlos luis miguel pedro francisco antonio jorge manuel alejandro fernando rafael ricardo eduardo roberto javier jesus angel \
carmen rosa isabel lucia pilar dolores mercedes marta cristina paula teresa andrea ramirez torres flores rivera gomez diaz \
reyes morales cruz ortiz gutierrez chavez ramos ruiz alvarez mendoza vasquez castillo jimenez moreno romero herrera medina \
aguilar vargas castro fernandez guzman munoz rojas soto contreras delgado pena rios alves pereira lima costa ferreira ribeiro \
carvalho almeida lopes soares fernandes vieira barbosa rocha dias nascimento andrade moreira nunes marques machado mendes freitas \
paulo joao marcos lucas antonia francisca adriana \
giuseppe giovanni mario luigi andrea marco francesco stefano alessandro roberto rossi russo ferrari esposito bianchi romano colombo \
ricci marino greco bruno conti giulia francesca chiara sara laura \
jean pierre michel philippe alain patrick nicolas christophe laurent marie nathalie isabelle sylvie catherine martine bernard \
dubois durand moreau laurent simon michel lefebvre leroy roux bertrand morel fournier girard bonnet dupont lambert \
hans peter klaus wolfgang thomas andreas stefan michael muller schmidt schneider fischer weber meyer wagner becker schulz hoffmann \
koch bauer richter klein wolf schroder neumann schwarz zimmermann braun hofmann hartmann lange schmitt werner krause meier lehmann \
jan piotr krzysztof andrzej tomasz pawel marcin nowak kowalski wisniewski wojcik kowalczyk kaminski lewandowski zielinski \
szymanski anna katarzyna malgorzata agnieszka jansen devries vandenberg bakker visser smit jong berg dijk \
svensson johansson andersson karlsson nilsson eriksson larsson olsson persson hansen johansen olsen larsen jensen nielsen pedersen \
andersen christensen sorensen rasmussen jorgensen madsen kristensen korhonen virtanen lars erik anders \
smirnov kuznetsov popov vasiliev petrov sokolov mikhailov novikov fedorov morozov volkov alekseev lebedev semenov egorov pavlov \
kozlov stepanov nikolaev orlov andreev makarov nikitin zakharov zaitsev soloviev borisov yakovlev grigoriev romanov vorobiev \
sergeev kuzmin frolov aleksandrov dmitriev korolev gusev kiselev ilyin maksimov polyakov sorokin vinogradov kovalev belov medvedev \
antonov tarasov zhukov baranov filippov komarov davydov belyaev gerasimov bogdanov osipov sidorov matveev titov markov mironov \
alexei yuri viktor igor oleg pavel roman anatoly boris konstantin vyacheslav evgeny maksim denis anton vadim stanislav valery \
vitaly gennady leonid grigory irina svetlana ekaterina marina galina lyudmila yulia anastasia valentina nadezhda tamara vera \
larisa oksana ksenia vasily petr fyodor artem kirill nikita ilya ruslan timur \
shevchenko melnyk kovalenko bondarenko tkachenko kravchenko oliynyk koval polishchuk lysenko savchenko marchenko moroz \
nikolaidis papadopoulos georgios ioannis konstantinos dimitrios nikolaos \
saleh nasser salim salem jamal karim rashid hamid majid walid tariq samir kamal jamil faisal fahd sultan saud bakr othman musa \
isa yahya yaqub dawud sulayman ismail hamza bilal anwar akbar aziz rahman rahim karim kareem malik latif hakim nabil adel amin \
bashir habib haidar hadi mahdi mohsen reza hossein abbas jafar sadiq kazem akbar asghar shah mirza noor zahra zaynab khadija \
aisha amina salma layla nadia samira abu qasim mansur faruq imran iqbal javed tahir usman zafar nasir naseer nazir ghulam \
sheikh malik butt chaudhry qureshi siddiqui ansari hashmi syed sayyid akhtar \
ahmed hasan hussain mohammadi hosseini ahmadi karimi moradi rezaei jafari rahimi ebrahimi ghasemi \
haddad khoury hariri mansour najjar masri maghribi iraqi tikriti baghdadi shami hashimi jabouri dulaimi zahrani ghamdi qahtani \
otaibi harbi shammari \
ayse fatma emine hatice ahmet ali huseyin hasan ibrahim ismail osman murat demir celik sahin yildiz yildirim ozturk aydin ozdemir \
arslan dogan kilic aslan cetin kara koc kurt polat \
raj ram ravi amit sunil sanjay rajesh vijay anil ashok suresh ramesh rakesh manoj deepak priya anita sunita gupta verma mishra \
yadav prasad reddy rao nair iyer mehta shah jain agarwal chopra kapoor malhotra joshi desai naidu pillai menon kaur ghosh roy \
banerjee mukherjee chatterjee sarkar mondal dutta sen bose \
xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lu su \
jiang cai jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao \
qiu qin gu hou shao meng long wan duan qian tao chan wong cheung lau leung ho ng lam tan lim teo goh chua ong \
ming hua jun jie wei ping hong yan ying lei xin hui fang bin bo feng hai jian qiang xiaoming tao chao \
kang cho yoon jang lim han oh seo shin kwon hwang ahn song yoo jeon hong moon ko son yang bae baek \
sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi matsumoto inoue kimura \
hayashi shimizu saito hiroshi takashi kenji \
vo vu dang bui do hoang phan truong huynh van thi minh anh \
cohen levi mizrahi peretz moshe david yosef yaakov abraham sarah \
hovhannisyan harutyunyan sargsyan grigoryan petrosyan karapetyan beridze kapanadze giorgi nino \
diallo traore keita coulibaly ba sow ndiaye diop fall mensah owusu okafor okeke mamadou moussa ousmane ibrahima amadou \
tesfaye bekele haile getachew abebe kebede \
rahayu sari dewi putra wijaya setiawan siti nur bin abdullah \
reyes cruz bautista ocampo santos delacruz villanueva mendoza aquino ramos";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::fold::fold;

    #[test]
    fn entries_are_folded() {
        for name in VERY_COMMON
            .split_whitespace()
            .chain(COMMON.split_whitespace())
        {
            assert_eq!(fold(name), name);
        }
    }
}
