//! English, German, Dutch and Nordic names.

use super::{Culture, Pool};

pub(super) const ENGLISH: Pool = Pool {
    culture: Culture::English,
    companies: 300,
    women: "Emily:Em,Millie Sarah|Sara:Sally Jessica:Jess,Jessie Laura:Laurie Rebecca|Rebekah:Becky,Becca \
        Charlotte:Charlie,Lottie Hannah|Hanna Elizabeth|Elisabeth:Liz,Beth,Betty,Lizzie,Eliza \
        Katherine|Catherine|Kathryn:Kate,Katie,Kathy,Kat Megan|Meghan:Meg Victoria:Vicky,Tori Amy Rachel|Rachael:Rach \
        Jennifer:Jen,Jenny,Jenn Margaret:Maggie,Peggy,Meg Alexandra:Alex,Lexi,Sandra Samantha:Sam,Sammy Nicole|Nichole:Nikki \
        Stephanie|Stefanie:Steph Danielle:Dani Christine|Kristine:Chris,Tina,Chrissy Abigail:Abby,Gail Olivia:Liv,Livvy \
        Grace Sophie Natalie|Nathalie:Nat Jacqueline:Jackie Deborah|Debra:Deb,Debbie Barbara:Barb,Babs Patricia:Pat,Trish,Patty \
        Susan:Sue,Suzie Theresa|Teresa:Terri,Tess Cynthia:Cindy Pamela:Pam Kimberly|Kimberley:Kim Heather Michelle:Shelly \
        Angela:Angie Lucy|Lucie Judith:Judy Dorothy:Dot,Dottie Eleanor|Elinor:Ellie,Nell Josephine:Josie,Jo Penelope:Penny \
        Caroline|Carolyn:Caz,Carrie Gillian|Jillian:Gill,Jill Claire|Clare Zoe|Zoey Imogen:Immy Philippa:Pippa Florence:Flo Beatrice:Bea",
    men: "James:Jim,Jimmy,Jamie Thomas:Tom,Tommy William:Will,Bill,Billy,Liam Daniel:Dan,Danny Robert:Rob,Bob,Bobby \
        Matthew|Mathew:Matt Michael:Mike,Mick,Mickey Joseph:Joe,Joey Samuel:Sam,Sammy Benjamin:Ben,Benji David:Dave,Davy \
        Andrew:Andy,Drew Christopher|Kristopher:Chris,Kit Jonathan|Johnathan:Jon,Jonny Alexander:Alex,Al,Xander Edward:Ed,Eddie,Ted,Ned \
        Richard:Rick,Rich,Dick,Richie Nicholas|Nicolas:Nick,Nicky Anthony|Antony:Tony Steven|Stephen:Steve Joshua:Josh \
        Charles:Charlie,Chuck John:Jack,Johnny Patrick:Pat,Paddy Timothy:Tim,Timmy Gregory:Greg Peter:Pete Philip|Phillip:Phil \
        Kenneth:Ken,Kenny Ronald:Ron,Ronnie Donald:Don,Donny Jeffrey|Geoffrey:Jeff,Geoff Lawrence|Laurence:Larry,Laurie \
        Frederick|Fredrick:Fred,Freddie Henry:Harry,Hank Raymond:Ray Zachary|Zackary:Zach,Zack Nathaniel:Nate,Nathan,Nat \
        Vincent:Vince,Vinny Walter:Walt,Wally Albert:Al,Bert Theodore:Ted,Theo Maxwell:Max Dominic|Dominick:Dom Gerald:Gerry,Jerry \
        Leonard:Leo,Len,Lenny Francis:Frank,Fran Douglas|Douglass:Doug Russell|Russel:Russ George Mark|Marc Paul Brian|Bryan Simon Craig",
    families: "Smith|Smyth Jones Taylor|Tayler Brown|Browne Williams Wilson|Willson Johnson|Johnston Davies|Davis Clark|Clarke \
        Wright Walker Thompson|Thomson Robinson White Evans Hughes Green|Greene Hall Edwards Lewis|Louis Wood Harris Martin Jackson \
        Turner Cooper Hill Ward Moore|More Baker Morris King Miller Allen|Allan|Alan Parker Young Mitchell Campbell Anderson|Andersen \
        Phillips|Philips Collins Bell Cook|Cooke Murphy Bailey|Baily Richardson Cox Marshall Bennett|Bennet Gray|Grey Foster Reed|Reid \
        Stewart|Stuart Rogers|Rodgers Murray O'Connor|OConnor O'Neill|O'Neil McCarthy|MacCarthy McDonald|MacDonald McKenzie|MacKenzie \
        Fitzgerald Gallagher Brooks Hayes|Hays Sullivan Kennedy Ross Howard Barnes Pearce|Pierce Lawson Webb Spencer Harper Doyle \
        Page|Paige Fox Burke|Bourke Nicholson Holmes Armstrong Whitaker|Whittaker Lynch Hawkins Osborne|Osborn Chapman Francis Lloyd",
    rare: 450,
    family_starts: "Alder Amble Arken Bex Birk Blythe Bolt Bracken Brim Carn Chad Clem Copp Crow Darn Dray Drum Eal Elm Ever Fal \
        Fen Frost Gar Glen Gosl Hack Had Hart Hazel Holl Hux Ing Kel Kes Lang Leck Lind Mal Map Mer Mort Nether Nor Oak Orm Pend \
        Pick Quarm Raven Red Rook Row Sand Sed Shack Stan Stoke Swin Tam Thorn Thwaite Tre Und Ul Wade Wal Whit Win Wool Yel",
    family_ends: "bourne bury combe cott croft dale den ell esby field ford gate ham hurst ington ley low man mere more ness pole \
        ridge shaw side stead ston ter thorpe ton wick wold wood worth",
    built_given: 0,
    given_starts: "",
    given_ends: "",
    second_family: 15,
    calling_code: "44",
    trunk: "0",
    area_codes: &["20", "161", "121", "131", "113"],
    subscriber_digits: 7,
    cities: "London Manchester Birmingham Leeds Edinburgh Dublin New_York|NYC Chicago Austin San_Francisco|SF",
    top_level: &[".com", ".co.uk", ".io", ".net"],
};

pub(super) const GERMAN: Pool = Pool {
    culture: Culture::German,
    companies: 100,
    women: "Anna|Anne:Anni Sabine:Bine Susanne|Susann:Susi Petra Claudia:Claudi Katharina|Catharina:Kathi,Käthe Julia|Julja Stefanie|Stephanie:Steffi \
        Ursula:Ulla,Uschi Elisabeth:Lisa,Elli,Sissi Monika:Moni Birgit|Birgitt Heike Ulrike:Uli,Rike Johanna:Hanna,Jo Franziska:Franzi Jördis Bärbel \
        Christina|Kristina:Tina Martina Andrea Nadine Friederike:Rike Margarete|Margarethe:Grete,Gretel Annegret Antje Wiebke Gönül Kerstin|Kirsten",
    men: "Thomas:Tom Michael:Michi,Micha Andreas:Andi,Andy Stefan|Stephan:Steff Wolfgang:Wolf,Wolfi Jürgen|Juergen Klaus|Claus Matthias|Mathias:Matze,Hias \
        Christian:Chris Sebastian:Basti,Wastl Maximilian:Max Johannes:Hannes,Hans,Jo Alexander:Alex Günther|Günter Jörg Björn Uwe Heinrich:Heinz,Heiner \
        Friedrich:Fritz,Fred Ulrich:Uli Joachim:Jochen,Achim Götz Karl|Carl Tobias:Tobi Florian:Flo Benedikt|Benedict:Bene Philipp|Philip Lukas|Lucas Jan-Peter|Jan_Peter Hans-Jürgen|Hansjürgen Sören",
    families: "Müller|Mueller Schmidt|Schmitt|Schmid Schneider Fischer Weber Meyer|Meier|Maier Wagner Becker Schulz|Schulze Hoffmann|Hofmann Schäfer|Schaefer \
        Koch Bauer Richter Klein Wolf|Wolff Schröder|Schroeder Neumann Schwarz Braun Zimmermann Krüger|Krueger Hartmann Lange Werner Krause Lehmann Köhler|Koehler \
        König|Koenig Böhm|Boehm Huber Fuchs Kaiser Scholz Möller|Moeller Weiß|Weiss Jung Hahn Vogel Keller Günther Roth Frank Groß|Gross Böttcher von_der_Heide Größler Jäger|Jaeger Käßmann",
    rare: 420,
    family_starts: "Adels Alten Bier Birken Blum Bräu Brunn Buchen Dorn Eber Eichen Eisen Falken Fels Fried Gers Grün Hagen Hammer Hasel Hirsch Hohen Kalten Kirch Klos Königs \
        Linden Lüne Mohr Mühl Nieder Ober Oster Pfaff Rauch Reh Rosen Rüdes Schön Silber Stein Tannen Übel Vogt Wachen Wald Wein Weiden Wester Wieden Zell Ziegen",
    family_ends: "auer bach bauer beck berg berger brandt brink burg dorf eck feld fels hauer haus heim heimer höfer hoff huber kamp mann meier müller ner reich reuter rieder stein thal winkler",
    built_given: 0,
    given_starts: "",
    given_ends: "",
    second_family: 20,
    calling_code: "49",
    trunk: "0",
    area_codes: &["30", "89", "40", "221", "69"],
    subscriber_digits: 8,
    cities: "Berlin Munich|München Hamburg Cologne|Köln Frankfurt|Frankfurt_am_Main Vienna|Wien Zurich|Zürich",
    top_level: &[".de", ".com", ".at"],
};

pub(super) const DUTCH: Pool = Pool {
    culture: Culture::Dutch,
    companies: 40,
    women: "Anna|Anne:Anneke,Anouk Maria:Marijke,Mieke,Ria Johanna:Jo,Hanneke,Joke Elisabeth:Els,Betty,Liesbeth Cornelia:Corrie,Nelleke Sanne Femke Lotte Marloes Wilhelmina:Willemien,Mien \
        Margaretha:Greet,Margriet Catharina:Trijn,Toos,Karin Fleur Esther|Ester Saskia Ilse Hendrika:Rika,Riek Annemiek|Annemieke Maaike|Maike Loes",
    men: "Johannes:Jan,Hans,Johan Willem:Wim,Pim Pieter|Peter:Piet Cornelis:Cor,Kees,Nelis Hendrik:Henk,Rik Gerardus:Gerard,Gert Antonius:Ton,Toon,Anton Jacobus:Jaap,Koos,Jacob \
        Daan Sjoerd Bart Maarten|Martin Joost Thijs|Tijs Ruben Bas Michiel|Machiel Dirk Theodorus:Theo,Dorus Adrianus:Ad,Adriaan,Arie Lambertus:Bert Sander Joris|Georges",
    families: "de_Jong|de_Jongh Jansen|Janssen|Janse de_Vries van_den_Berg|van_de_Berg|vd_Berg van_Dijk|van_Dyk Bakker Visser Smit|Smits Meijer|Meyer|Meijers de_Boer Mulder|Muller de_Groot|de_Groote \
        Bos Vos Peters|Pieters Hendriks|Hendrix van_Leeuwen Dekker Brouwer de_Wit|de_Witte Dijkstra|Dykstra van_der_Meer Kok Jacobs van_der_Linden Vermeulen Schouten van_Beek Willems Hoekstra Koster Prins van_'t_Hof",
    rare: 330,
    family_starts: "Acht Beek Berken Bloem Boom Brink Dijk Doorn Eik Grave Haver Heems Hoek Kamp Klaver Koning Kort Lang Linde Meer Mole Noord Ooster Roos Schut Sluis Steen Veld Water Wester Wijn Zand Zwart",
    family_ends: "bergen beek broek dam donk graaf hof horst huis hout kamp kerk laar man meijer ma mans oever schot stra veen veld water zijl",
    built_given: 0,
    given_starts: "",
    given_ends: "",
    second_family: 10,
    calling_code: "31",
    trunk: "0",
    area_codes: &["20", "10", "70", "30"],
    subscriber_digits: 7,
    cities: "Amsterdam Rotterdam The_Hague|Den_Haag Utrecht Antwerp|Antwerpen",
    top_level: &[".nl", ".com", ".be"],
};

pub(super) const NORDIC: Pool = Pool {
    culture: Culture::Nordic,
    companies: 45,
    women: "Anna|Anne Eva Maria|Marie:Mia,Maja Karin|Carin Kristina|Christina:Stina,Kicki Margareta|Margaretha:Greta,Maggan Elisabeth|Elisabet:Lisa,Lisbet Ingrid:Inga Åsa Sofia|Sofie|Sophie:Fia Katarina|Katharina:Kajsa,Kata \
        Malin Linnéa|Linnea Frida Sigrid:Siri Solveig Birgitta:Gittan,Bibi Astrid Kirsten|Kjersti Mette Ragnhild Maiken Päivi Anneli|Annelie Tuula Bodil Jytte Östen-Marie",
    men: "Lars:Lasse Anders Johan|Johannes:Jonte Erik|Eric Karl|Carl:Kalle Per|Pär|Peer:Pelle Nils|Niels:Nisse Jan|Jens:Janne Fredrik|Frederik:Fredde Björn|Bjørn Sven|Svend Åke Göran|Jøran Håkan|Haakon Mikael|Michael:Micke Søren|Sören \
        Magnus|Mogens Kristian|Christian:Kricke Henrik:Henke Ole|Olle Mats|Mads Jukka Juhani Pekka Rasmus|Erasmus Torbjörn|Torbjørn:Tobbe Gösta Øyvind|Eivind Bengt|Bent Stefan|Steffen",
    families: "Andersson|Anderson|Andersen Johansson|Johanson|Johansen Karlsson|Carlsson|Karlsen Nilsson|Nielsen|Nilsen Eriksson|Ericsson|Eriksen Larsson|Larsen Olsson|Olsen|Ohlsson Persson|Pedersen|Pettersson \
        Svensson|Swensson|Svendsen Gustafsson|Gustavsson Jonsson|Jönsson Jansson|Jansen Hansson|Hansen|Hanson Bengtsson Lindberg|Lindbergh Lindström Lindqvist|Lindquist Berg|Bergh Bergström Hallström Sjöberg Nyström Åkesson Öberg Sørensen|Sörensen \
        Jørgensen|Jörgensen Kristensen|Christensen Rasmussen Møller|Möller Bakken Haugen Dahl Lund Holm Korhonen Virtanen Mäkinen Nieminen Hämäläinen Ångström",
    rare: 330,
    family_starts: "Alm Björk Blom Bo Dal Ek Fager Fors Gran Grön Häll Hag Hed Hög Kall Kvarn Lind Ljung Löv Malm Mo Ny Näs Ros Rönn San Sjö Skog Sten Ström Sund Söder Tall Tor Väster Wall Wik Åker Älm Öst",
    family_ends: "berg by bäck dahl fors gaard gren hammar hed holm kvist land ling lund löf man mark nes qvist rud sater ström sten stad vall vik",
    built_given: 0,
    given_starts: "",
    given_ends: "",
    second_family: 10,
    calling_code: "46",
    trunk: "0",
    area_codes: &["8", "31", "40", "18"],
    subscriber_digits: 7,
    cities: "Stockholm Gothenburg|Göteborg Malmö|Malmo Copenhagen|København Oslo Helsinki|Helsingfors",
    top_level: &[".se", ".com", ".dk", ".no"],
};
