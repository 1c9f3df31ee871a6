//! Spanish, French, Italian and Portuguese names.

use super::{Culture, Pool};

pub(super) const SPANISH: Pool = Pool {
    culture: Culture::Spanish,
    companies: 70,
    women: "María:Mari Carmen:Carmela,Menchu Ana|Anna:Anita Isabel:Isa,Chabela Laura Cristina|Christina:Cris Lucía:Luci Marta|Martha Elena|Helena:Nena Pilar:Pili Dolores:Lola,Loli Concepción:Concha,Conchita \
        Francisca:Paca,Paqui Teresa:Tere Rosario:Charo Mercedes:Merche,Meche Guadalupe:Lupe,Lupita Beatriz:Bea Raquel Rocío Verónica:Vero Mónica:Moni Inmaculada:Inma Montserrat:Montse,Serrat Ángeles:Angelines Begoña Consuelo:Chelo Sofía Alejandra:Ale,Jandra Gabriela:Gabi Ximena|Jimena Inés",
    men: "José:Pepe,Chepe Antonio:Toño,Toni Francisco:Paco,Pancho,Fran,Curro Juan|Joan:Juanito Manuel:Manolo,Manu Pedro:Perico Jesús:Chus,Chuy Javier|Xavier:Javi Daniel:Dani Carlos:Carlitos Miguel:Miki Alejandro:Álex,Jandro \
        Rafael:Rafa David Ángel Fernando:Nando,Fer Luis|Lluís:Lucho Pablo Jorge|Jordi:Coque Sergio Alberto:Beto,Berto Álvaro Ignacio:Nacho,Iñaki Enrique:Quique,Kike Rubén Óscar Andrés Joaquín:Quino Eduardo:Edu,Lalo Santiago:Santi,Yago Roberto:Beto,Rober José_Luis|Joseluis:Pepelu Juan_Carlos:Juanca Guillermo:Guille,Memo",
    families: "García|Garcia González|Gonzales Rodríguez|Rodrigues Fernández|Fernandes López|Lopes Martínez|Martines Sánchez|Sanches Pérez|Peres Gómez|Gomes Martín Jiménez|Giménez|Ximénez Hernández Ruiz Díaz Moreno Álvarez|Alvares Muñoz Romero Alonso \
        Gutiérrez Navarro Torres Domínguez Vázquez|Vásquez Ramos Gil Serrano Blanco Molina Morales Suárez Ortega Delgado Castro Ortiz Rubio Marín Sanz|Sainz Núñez Iglesias Medina Garrido Cortés Castillo Santos Lozano Guerrero Cano Prieto Méndez Cruz Calvo Gallego Peña Ibáñez de_la_Fuente del_Río Quiñones Bermúdez Yáñez",
    rare: 200,
    family_starts: "Agui Alba Ara Arri Barra Beni Casa Cela Eche Eliza Etxe Fuen Gara Goi Ira Iza Larra Mendi Mira Mon Olaz Ota Peña Quinta Ri Sala San_ Sola Uri Urru Val Villa Ybar Zala Zuma",
    family_ends: "bal bar beitia berri braga cerda cano dez ga goiti guren lar lde llar lobos lva meda mayor monte nera nza rena rte seca tegi ta toro verde yo zaga zarra zola",
    built_given: 0,
    given_starts: "",
    given_ends: "",
    second_family: 420,
    calling_code: "34",
    trunk: "",
    area_codes: &["91", "93", "96", "95"],
    subscriber_digits: 7,
    cities: "Madrid Barcelona Seville|Sevilla Mexico_City|Ciudad_de_México Bogotá|Bogota Buenos_Aires",
    top_level: &[".es", ".com", ".mx"],
};

pub(super) const FRENCH: Pool = Pool {
    culture: Culture::French,
    companies: 65,
    women: "Marie Nathalie|Natalie:Nath Isabelle|Isabel:Isa Catherine|Katherine:Cathy,Kate Sylvie Françoise:Fanfan Valérie:Val Céline Sandrine Stéphanie:Steph,Fanny Aurélie Élodie|Elodie Camille Chloé Léa Manon Émilie|Emilie Hélène|Helène Véronique:Véro Dominique:Domi Geneviève:Ginette,Viviane \
        Marie-Christine|Marie_Christine Anne-Sophie|Anne_Sophie Élisabeth:Babette,Lise Mathilde Noémie Anaïs Joëlle Béatrice:Béa Madeleine:Mado Laëtitia|Laetitia Maëlle",
    men: "Jean:Jeannot Pierre:Pierrot Michel:Mimi Philippe:Phil Alain Nicolas:Nico Christophe:Chris,Tophe Laurent Frédéric:Fred Sébastien:Seb Stéphane:Steph Julien:Ju David Olivier:Olive Éric|Eric Thierry:Titi Jérôme Guillaume:Guigui François:Franck,Fanfan Benoît|Benoit:Ben \
        Jean-Pierre|Jean_Pierre|Jeanpierre:JP Jean-Luc|Jean_Luc|Jeanluc:JL Jean-François|Jean_François:Jeff Jean-Baptiste|Jean_Baptiste:JB René Mathieu|Matthieu:Mat Rémi|Rémy Cédric Gaël Antoine:Toine Grégoire|Grégory:Greg Étienne|Etienne Maxime:Max Théo André",
    families: "Martin Bernard Thomas Petit Robert Richard Durand|Durant Dubois|Du_Bois Moreau|Moreaux Laurent Simon Michel Lefebvre|Lefèvre|Lefebure Leroy|Le_Roy Roux David Bertrand Morel Fournier Girard|Girault Bonnet|Bonnot Dupont|Dupond Lambert Fontaine Rousseau|Roussot Vincent Müller Lefèvre|Lefevre \
        Faure Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand|Le_Grand Gauthier|Gautier Perrin Robin Clément Morin Nicolas Henry Masson Marchand Duval|Du_Val Denis Dumont Noël Meunier|Meusnier Benoît Hébert Côté Lévesque Gagné Bélanger de_Villiers d'Arcy Le_Goff",
    rare: 360,
    family_starts: "Ar Bel Beau Bois Bour Car Cham Char Clair Cour Dar Del Dor Fal Font Gar Gran Guil Haut Lam Lan Lor Mar Mau Mont Mor Par Per Pon Ques Ram Roch Sau Ser Tail Tour Val Ver Vil Vau",
    family_ends: "ande anne ard ault avoine baud beau bert boeuf bourg cier croix dal deau dière don eau etière fort geon goin ichon ier illon in let lier mont nard neuve net ois or ot ouin pin quet ret sac son teau tier vigne ville",
    built_given: 0,
    given_starts: "",
    given_ends: "",
    second_family: 20,
    calling_code: "33",
    trunk: "0",
    area_codes: &["1", "4", "5", "3"],
    subscriber_digits: 8,
    cities: "Paris Lyon|Lyons Marseille|Marseilles Montréal|Montreal Geneva|Genève Brussels|Bruxelles",
    top_level: &[".fr", ".com", ".ca"],
};

pub(super) const ITALIAN: Pool = Pool {
    culture: Culture::Italian,
    companies: 45,
    women: "Maria:Mariella Anna:Annina Giulia Francesca:Franca,Checca Laura Paola Giovanna:Gianna,Vanna Elena:Nella Chiara Sara Silvia|Sylvia Alessandra:Sandra,Ale Valentina:Vale Federica:Fede Elisabetta:Betta,Lisa Giuseppina:Pina,Giusy Antonella:Anto Caterina:Rina,Cate Margherita:Rita,Marga Lucia Roberta:Robi Niccolò-Maria Beatrice:Bice,Bea Gabriella:Gabri Rosaria:Sara",
    men: "Giuseppe:Beppe,Pino,Peppe Giovanni:Gianni,Nanni Antonio:Tonino,Totò Mario Luigi:Gigi Francesco:Franco,Checco Angelo Vincenzo:Enzo,Vince Pietro:Piero Salvatore:Totò,Salvo,Turi Carlo Franco Domenico:Mimmo,Nico Bruno Paolo Michele Giorgio Aldo Sergio Luciano Alessandro:Sandro,Ale Lorenzo:Renzo \
        Niccolò|Nicolò:Nico Matteo:Teo Leonardo:Leo,Nardo Gianluca|Gian_Luca Gianfranco|Gian_Franco:Franco Pierluigi|Pier_Luigi Filippo:Pippo Federico:Fede Riccardo:Ricky",
    families: "Rossi|Rosso Russo Ferrari|Ferraris Esposito Bianchi|Bianco Romano Colombo Ricci|Rizzi Marino|Marini Greco|Greci Bruno Gallo|Galli Conti|Conte De_Luca|Deluca Mancini Costa Giordano Rizzo Lombardi|Lombardo Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo Serra Coppola De_Santis|Desantis D'Angelo|Dangelo Marchetti Parisi Villa Conte Ferraro Ferri Fabbri Bianco Marini Grasso Valentini Messina Sala De_Angelis D'Amico|Damico Gatti Pellegrini Palumbo Sanna Farina Rizzi Monti Cattaneo Morelli Amato Silvestri Mazza Testa Grassi Pellegrino Carbone Giuliani Benedetti Barone Rossetti Caputo Montanari Guerra Palmieri Bernardi Martino Fiore Dell'Acqua Nicolò",
    rare: 260,
    family_starts: "Acqua Al Bal Bar Bel Ber Bon Bran Bug Cam Can Cas Cer Cor Dal Fal Far Fior Gal Gar Ghi Lan Luc Mal Man Mas Mon Mor Nar Or Pan Pas Pel Ques Rav Sal Sca Ser Spi Tag Tor Val Ven Vis Zam Zan",
    family_ends: "agna aldi ani ante ari asco atti azzi bino castri celli chini davoli della doni elli eri etti ferro gato ghini iani icchi ino lucci massi netti occhi olini onte orini otti pietra rini sano soldi tacchi tesi uzzi vieri zoli",
    built_given: 0,
    given_starts: "",
    given_ends: "",
    second_family: 10,
    calling_code: "39",
    trunk: "",
    area_codes: &["02", "06", "011", "081"],
    subscriber_digits: 7,
    cities: "Milan|Milano Rome|Roma Turin|Torino Naples|Napoli",
    top_level: &[".it", ".com", ".eu"],
};

pub(super) const PORTUGUESE: Pool = Pool {
    culture: Culture::Portuguese,
    companies: 45,
    women: "Maria:Mari,Mariazinha Ana:Aninha Francisca:Chica Antônia|Antónia:Tonha Adriana:Dri Juliana:Ju Márcia Fernanda:Fê,Nanda Patrícia:Pati Aline Sandra Camila|Camilla:Mila Amanda Bruna Jéssica:Jé Letícia:Lê Júlia|Giulia Luciana:Lu Vanessa Mariana:Mari Gabriela:Gabi Conceição:São Isabel|Izabel:Bel,Bela Tereza|Teresa:Terê Raimunda Thaís|Taís Luíza|Luísa:Lu Inês Beatriz:Bia",
    men: "José:Zé,Zeca João:Joca,Janjão Antônio|António:Toninho,Tonho Francisco:Chico Carlos:Carlinhos Paulo:Paulinho Pedro:Pedrinho Lucas Luiz|Luís:Lula,Luizinho Marcos Luis_Felipe|Luiz_Felipe Gabriel:Gabi,Biel Rafael:Rafa Daniel:Dani Marcelo:Celo Bruno Eduardo:Edu,Dudu Felipe|Filipe:Lipe Rodrigo:Digo Manoel|Manuel:Mané Matheus|Mateus:Teus Jorge André Sérgio Fernando:Nando Thiago|Tiago:Thi Gonçalo Joaquim:Quim Vitor|Victor:Vítor Estêvão|Estevão",
    families: "Silva|da_Silva Santos|dos_Santos Oliveira|de_Oliveira Souza|Sousa|de_Souza Rodrigues|Rodriguez Ferreira Alves|Álvares Pereira Lima Gomes|Gomez Costa|da_Costa Ribeiro Martins Carvalho|de_Carvalho Almeida|d'Almeida Lopes|Lopez Soares Fernandes|Fernandez Vieira Barbosa Rocha|da_Rocha Dias|Diaz Nascimento|do_Nascimento Andrade Moreira Nunes Marques|Marquez Machado Mendes|Mendez Freitas|de_Freitas Cardoso Ramos Gonçalves Santana|Sant'Ana Teixeira Araújo Conceição Moura Cavalcanti|Cavalcante Magalhães Simões Guimarães Brandão Assunção Falcão Leitão Antunes",
    rare: 160,
    family_starts: "Aba Alen Ar Bar Boa Bra Cal Cam Cas Cer Fal Fi Gar Gui Lei Ma Men Mon Mor Mou Pa Pei Pi Qui Re Sa Sam Sei Ta Te Val Vas Vi Xa",
    family_ends: "beira bral car ceiro chado concelos coutinho dal deiro dinho gão gueira guel jão lheira lobos mede meira nheiro nhos quita rães rante redo rim roso sco telo tinho veira vedo xas zães",
    built_given: 0,
    given_starts: "",
    given_ends: "",
    second_family: 450,
    calling_code: "55",
    trunk: "0",
    area_codes: &["11", "21", "31", "51"],
    subscriber_digits: 8,
    cities: "São_Paulo|Sao_Paulo Rio_de_Janeiro|Rio Lisbon|Lisboa Porto|Oporto Belo_Horizonte",
    top_level: &[".com.br", ".com", ".pt"],
};
