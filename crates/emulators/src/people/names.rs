//! The names the directories are made of, from general knowledge: common given and family names
//! of twenty-two cultures, with the native script where one is in daily use and the short form
//! people are called by.
//!
//! One line holds names between spaces; `_` stands for a space inside a name. A given name is
//! `Latin`, `Latin:short` or `Latin=native:short`. A family name is `Latin` or `Latin=native`;
//! where women have a form of their own it follows after `/`.

use std::sync::LazyLock;

/// A given name.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    /// In Latin letters, diacritics kept.
    pub(crate) latin: String,
    /// In the native script, where that is not Latin.
    pub(crate) native: Option<String>,
    /// The short form, where one is usual.
    pub(crate) nick: Option<String>,
}

/// A family name in both scripts.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    /// In Latin letters, diacritics kept.
    pub(crate) latin: String,
    /// In the native script, where that is not Latin.
    pub(crate) native: Option<String>,
}

/// The names of one culture.
#[derive(Debug)]
pub(crate) struct Culture {
    /// The locale as the CRMs spell it.
    pub(crate) locale: &'static str,
    /// How many people of a hundred come from here, roughly.
    pub(crate) weight: usize,
    /// Given names of women and of men.
    pub(crate) given: [Vec<Given>; 2],
    /// Family names as women and as men bear them, at the same positions.
    pub(crate) family: [Vec<Family>; 2],
}

/// The table, read once.
pub(crate) fn cultures() -> &'static [Culture] {
    static CULTURES: LazyLock<Vec<Culture>> = LazyLock::new(|| TABLE.iter().map(read).collect());
    &CULTURES
}

/// Locale, weight, women's names, men's names, family names.
type Line = (
    &'static str,
    usize,
    &'static str,
    &'static str,
    &'static str,
);

fn read(&(locale, weight, women, men, families): &Line) -> Culture {
    let given = |names: &str| names.split_whitespace().map(given).collect();
    let family = |female: bool| {
        let of = |name: &str| match name.split_once('/') {
            Some((_, form)) if female => script(form),
            Some((form, _)) => script(form),
            None => script(name),
        };
        families
            .split_whitespace()
            .map(of)
            .map(|(latin, native)| Family { latin, native })
            .collect()
    };
    Culture {
        locale,
        weight,
        given: [given(women), given(men)],
        family: [family(true), family(false)],
    }
}

fn given(name: &str) -> Given {
    let (full, nick) = match name.split_once(':') {
        Some((full, nick)) => (full, Some(spaced(nick))),
        None => (name, None),
    };
    let (latin, native) = script(full);
    Given {
        latin,
        native,
        nick,
    }
}

fn script(name: &str) -> (String, Option<String>) {
    match name.split_once('=') {
        Some((latin, native)) => (spaced(latin), Some(spaced(native))),
        None => (spaced(name), None),
    }
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

#[rustfmt::skip]
const TABLE: &[Line] = &[
    ("en_US", 20,
        "Elizabeth:Liz Katherine:Kate Margaret:Maggie Jennifer:Jen Rebecca:Becky Susan:Sue Abigail:Abby Victoria:Vicky Deborah:Debbie Samantha:Sam Christina:Chris Theodora:Teddy Emily Grace Hannah Laura",
        "William:Bill Robert:Bob Richard:Dick Michael:Mike Thomas:Tom James:Jim Edward:Ted Christopher:Chris Anthony:Tony Benjamin:Ben Jonathan:Jon Gregory:Greg Daniel:Dan Nicholas:Nick Oliver:Ollie Harry",
        "Smith Johnson Taylor Brown Wilson Walker Harris Clark Robinson Wright Thompson Green Hall Adams Baker Carter Mitchell Turner Parker Collins"),
    ("en_IE", 5,
        "Siobhán Aoife Niamh Caoimhe Róisín Sinéad Margaret:Peig Orla",
        "Seán Pádraig:Paddy Cormac Eoin Diarmuid Ciarán Liam Fergus",
        "O'Brien O'Sullivan Murphy Byrne McCarthy Gallagher Doherty MacDonald Ó_Súilleabháin Fitzgerald"),
    ("de_DE", 9,
        "Katharina:Kathi Johanna:Hanna Elisabeth:Lisa Ursula:Uschi Susanne:Susi Annegret Käthe Ingrid Sabine Heike",
        "Jürgen:Jupp Maximilian:Max Johannes:Hannes Friedrich:Fritz Wolfgang:Wolf Günther Matthias:Matze Björn Sebastian:Basti Jörg",
        "Müller Schmidt Schneider Weiß Schäfer Köhler Krüger Böhm Groß Vogel Zimmermann Hoffmann Meyer von_Bülow"),
    ("fr_FR", 6,
        "Françoise:Fanfan Hélène Élodie Geneviève:Ginette Chloé Amélie Marie-Claire Noémie Anaïs Sylvie",
        "Jean-Pierre:JP François Jérôme Stéphane:Steph Benoît Frédéric:Fred Gaëtan Rémi Thibault Loïc",
        "Lefèvre Dubois Moreau Girard Lefebvre Durand Bézier Chevalier Gauthier de_La_Tour Renault Fournier"),
    ("es_ES", 8,
        "María_José:Marijó Guadalupe:Lupe Dolores:Lola Concepción:Concha Begoña Inés Ángela Rocío Isabel:Isa Lucía",
        "José:Pepe Francisco:Paco Ignacio:Nacho Enrique:Quique Jesús:Chus Ángel Raúl Joaquín:Quim Andrés Martín",
        "García Rodríguez Hernández Muñoz Núñez Ibáñez González Peña Castañeda Gutiérrez Álvarez Zúñiga López Jiménez"),
    ("pt_BR", 5,
        "Conceição:São Fátima Inês Luísa:Lu Antónia:Toninha Beatriz:Bia Graça Mariana",
        "João Antônio:Toninho Luís Sérgio José_Carlos:Zeca Gonçalo Vítor Nuno",
        "da_Silva Araújo Conceição Magalhães Gonçalves dos_Santos Simões Guimarães Brandão Leitão"),
    ("it_IT", 4,
        "Giuseppina:Pina Francesca:Fra Alessandra:Sandra Chiara Noemi Elisabetta:Betta Ilaria Maria_Grazia",
        "Giuseppe:Beppe Salvatore:Totò Alessandro:Sandro Niccolò Giovanni:Gianni Lorenzo:Renzo Vincenzo:Enzo Matteo",
        "Rossi Esposito D'Angelo Colombo Ricci De_Luca Marchetti Fontana Caruso D'Amico"),
    ("pl_PL", 4,
        "Małgorzata:Gosia Katarzyna:Kasia Agnieszka:Aga Elżbieta:Ela Joanna:Asia Zofia:Zosia Łucja Bożena",
        "Stanisław:Staszek Władysław Grzegorz:Grzesiek Paweł Łukasz Tomasz:Tomek Zbigniew:Zbyszek Michał",
        "Kowalski/Kowalska Wiśniewski/Wiśniewska Zieliński/Zielińska Wójcik Lewandowski/Lewandowska Dąbrowski/Dąbrowska Kamiński/Kamińska Wróbel Szczęsny/Szczęsna Gołąb"),
    ("cs_CZ", 3,
        "Kateřina:Katka Alžběta:Běta Jiřina Božena Markéta Růžena Lucie Zdeňka",
        "Jiří:Jirka Ondřej:Ondra František:Franta Tomáš Matěj Zdeněk Lukáš Břetislav",
        "Novák/Nováková Dvořák/Dvořáková Černý/Černá Procházka/Procházková Růžička/Růžičková Beneš/Benešová Kříž/Křížová Šťastný/Šťastná"),
    ("sv_SE", 5,
        "Åsa Björk Sigrún Kjersti Märta Gunhild Sølvi Annika",
        "Håkan Søren Åke Øystein Jörgen Mårten Bjørn Gösta",
        "Lindström Bjørnsson Sørensen Åberg Østergård Hägglund Kjær Nyström Søndergaard Ekström"),
    ("hu_HU", 2,
        "Erzsébet:Zsóka Katalin:Kati Ágnes:Ági Zsófia:Zsófi Éva Ildikó",
        "László:Laci István:Pista György:Gyuri Gábor Zoltán:Zoli Ödön",
        "Kovács Szűcs Tóth Szőke Kőműves Nagy Horváth Vörös"),
    ("tr_TR", 3,
        "Ayşe Gülşen Özlem Şeyma Zeynep Çiğdem",
        "Mehmet:Memo Çağlar Ömer Uğur İsmail Süleyman:Sülo",
        "Yılmaz Öztürk Şahin Çelik Yıldız Aydın Güneş Koç"),
    ("vi_VN", 3,
        "Thị_Hương Ngọc_Ánh Thùy_Linh Bích_Phượng Mai Quỳnh",
        "Văn_Đức Minh_Tuấn Quang_Huy Hữu_Phước Đình_Long Thành",
        "Nguyễn Trần Phạm Đặng Huỳnh Võ Bùi Đỗ"),
    ("en_NG", 3,
        "Ngozi Adaeze:Ada Yewande Folasade:Sade Chinwe Temitope:Temi",
        "Oluwaseun:Seun Chukwuemeka:Emeka Babatunde:Tunde Ifeanyi:Ify Obinna:Obi Adewale:Wale",
        "Okonkwo Adeyemi Okafor Balogun Eze Ogunleye Nwosu Abubakar"),
    ("ru_RU", 4,
        "Yekaterina=Екатерина:Katya Tatiana=Татьяна:Tanya Anastasia=Анастасия:Nastya Natalia=Наталья:Natasha Yelena=Елена:Lena Olga=Ольга:Olya",
        "Aleksandr=Александр:Sasha Dmitry=Дмитрий:Dima Mikhail=Михаил:Misha Sergey=Сергей:Seryozha Vladimir=Владимир:Volodya Yevgeny=Евгений:Zhenya",
        "Ivanov=Иванов/Ivanova=Иванова Smirnov=Смирнов/Smirnova=Смирнова Kuznetsov=Кузнецов/Kuznetsova=Кузнецова Sokolov=Соколов/Sokolova=Соколова Tchaikovsky=Чайковский/Tchaikovskaya=Чайковская Zhukov=Жуков/Zhukova=Жукова Shcherbakov=Щербаков/Shcherbakova=Щербакова Yeliseyev=Елисеев/Yeliseyeva=Елисеева"),
    ("uk_UA", 2,
        "Oleksandra=Олександра:Lesia Nadiia=Надія:Nadia Yuliia=Юлія Iryna=Ірина:Ira",
        "Volodymyr=Володимир:Vova Andrii=Андрій Yevhen=Євген:Zhenia Mykola=Микола",
        "Shevchenko=Шевченко Kovalenko=Коваленко Bondarenko=Бондаренко Tkachuk=Ткачук Yushchenko=Ющенко Hryhorenko=Григоренко"),
    ("el_GR", 2,
        "Eleni=Ελένη:Lena Aikaterini=Αικατερίνη:Katerina Vasiliki=Βασιλική:Vicky Ioanna=Ιωάννα",
        "Georgios=Γεώργιος:Yorgos Konstantinos=Κωνσταντίνος:Kostas Dimitrios=Δημήτριος:Dimitris Panagiotis=Παναγιώτης:Panos",
        "Papadopoulos=Παπαδόπουλος/Papadopoulou=Παπαδοπούλου Nikolaidis=Νικολαΐδης/Nikolaidou=Νικολαΐδου Georgiou=Γεωργίου Vlachos=Βλάχος/Vlachou=Βλάχου Economou=Οικονόμου Angelopoulos=Αγγελόπουλος/Angelopoulou=Αγγελοπούλου"),
    ("ar_AE", 4,
        "Fatima=فاطمة Aisha=عائشة Nour=نور Khadija=خديجة Maryam=مريم Layla=ليلى",
        "Mohammed=محمد:Mo Abdullah=عبدالله:Abdul Youssef=يوسف Khalid=خالد Omar=عمر Hussein=حسين",
        "Al-Masri=المصري Haddad=حداد Khoury=خوري Al-Rashid=الراشد Mansour=منصور Najjar=نجار Abu_Bakr=أبو_بكر El-Sayed=السيد"),
    ("en_IN", 7,
        "Lakshmi=लक्ष्मी Priyanka=प्रियंका:Priya Aishwarya=ऐश्वर्या:Aishu Deepika=दीपिका:Deepu Sunita=सुनीता Kavita=कविता Meenakshi=मीनाक्षी:Meena Anjali=अंजलि:Anju",
        "Rajesh=राजेश:Raj Venkatesh=वेंकटेश:Venky Siddharth=सिद्धार्थ:Sid Krishna=कृष्ण:Kris Aditya=आदित्य:Adi Suresh=सुरेश Vijay=विजय Harish=हरीश",
        "Sharma=शर्मा Patel=पटेल Gupta=गुप्ता Iyer=अय्यर Reddy=रेड्डी Chatterjee=चटर्जी Singh=सिंह Nair=नायर Kulkarni=कुलकर्णी Bhattacharya=भट्टाचार्य"),
    ("zh_CN", 4,
        "Xiaoming=晓明 Meiling=美玲:Mei Yuqing=雨晴 Lihua=丽华 Xiuying=秀英 Jing=静",
        "Jianguo=建国 Weiming=伟明:Wei Zhiqiang=志强 Haoran=浩然 Yifan=一凡 Jun=军",
        "Wang=王 Zhang=张 Li=李 Chen=陈 Zhao=赵 Huang=黄 Xu=徐 Lü=吕 Ouyang=欧阳"),
    ("ja_JP", 3,
        "Sakura=さくら Yūko=裕子 Misaki=美咲 Haruka=遥 Kumiko=久美子:Kumi Akiko=明子",
        "Kenta=健太 Hiroshi=浩 Takashi=隆 Shōta=翔太 Daisuke=大輔:Dai Yūta=雄太",
        "Satō=佐藤 Suzuki=鈴木 Takahashi=高橋 Tanaka=田中 Itō=伊藤 Watanabe=渡辺 Ōno=大野 Kobayashi=小林"),
    ("ko_KR", 2,
        "Ji-woo=지우 Seo-yeon=서연 Min-ji=민지:Minji Eun-young=은영",
        "Min-jun=민준:MJ Seung-hyun=승현 Jae-won=재원 Dong-hyun=동현",
        "Kim=김 Lee=이 Park=박 Choi=최 Jung=정 Yoon=윤"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_half_read_names() {
        assert!(cultures().len() >= 12);
        for culture in cultures() {
            let names = culture.given.iter().flatten().map(|name| &name.latin);
            let families = culture.family.iter().flatten().map(|name| &name.latin);
            for name in names.chain(families) {
                assert!(
                    !name.is_empty() && !name.contains(['=', ':', '/', '_']),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn women_bear_their_own_form_of_a_family_name() {
        let polish = cultures()
            .iter()
            .find(|culture| culture.locale == "pl_PL")
            .expect("Polish");
        assert_eq!(polish.family[0][0].latin, "Kowalska");
        assert_eq!(polish.family[1][0].latin, "Kowalski");
    }
}
