//! Words in scripts that spell their sounds, romanised the way people romanise names: several
//! ways where languages or systems differ.

use super::kana::kana;
use crate::normalise::fold::{fold, spelled_out};

/// The scripts that are told apart, because each is romanised differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Cyrillic,
    Greek,
    /// Arabic and Hebrew: consonants only.
    Abjad,
    /// Chinese characters, kanji and hanja.
    Han,
    Kana,
    Hangul,
    /// Scripts of India and their kin: `any_ascii` leaves out the vowel that a consonant implies.
    Indic,
    /// Armenian, Georgian, Thai, Amharic and the rest.
    Other,
}

/// The script of the first letter that has one.
pub(super) fn script_of(text: &str) -> Script {
    text.chars()
        .find_map(script_of_letter)
        .unwrap_or(Script::Latin)
}

pub(super) fn script_of_letter(letter: char) -> Option<Script> {
    Some(match letter {
        '\u{400}'..='\u{52F}' => Script::Cyrillic,
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => Script::Greek,
        letter if super::abjad::is_abjad(letter) => Script::Abjad,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '々' => {
            Script::Han
        }
        '\u{3041}'..='\u{30FA}' | 'ー' | '\u{FF66}'..='\u{FF9F}' => Script::Kana,
        '\u{AC00}'..='\u{D7A3}' => Script::Hangul,
        '\u{900}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => Script::Indic,
        letter if letter.is_ascii() || letter <= '\u{24F}' => {
            return letter.is_alphabetic().then_some(Script::Latin);
        }
        '\u{1E00}'..='\u{1EFF}' => Script::Latin,
        letter if letter.is_alphabetic() => Script::Other,
        _ => return None,
    })
}

/// The folded romanisations of one word that is not written in characters; the usual one first.
pub(super) fn romanisations(word: &str, script: Script) -> Vec<String> {
    let mut forms = match script {
        Script::Cyrillic => cyrillic(word),
        Script::Greek => {
            // Γιάννης is Giannis, and more often Yannis.
            let usual = greek(word);
            let soft = usual.replace("gia", "ya").replace("gio", "yo");
            vec![usual, soft]
        }
        Script::Kana => kana(word),
        Script::Latin => latin(word),
        // The sibilants that `any_ascii` makes one.
        Script::Indic => vec![letters_of(&fold(&word.replace(['श', 'ष', 'শ', 'ষ'], "sh")))],
        Script::Abjad | Script::Han | Script::Hangul | Script::Other => {
            vec![letters_of(&fold(word))]
        }
    };
    forms.retain(|form| !form.is_empty());
    let mut seen: Vec<String> = Vec::with_capacity(forms.len());
    for form in forms {
        if !seen.contains(&form) {
            seen.push(form);
        }
    }
    seen
}

/// Letters and digits of a folded text.
pub(super) fn letters_of(folded: &str) -> String {
    folded.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn latin(word: &str) -> Vec<String> {
    let mut forms = vec![letters_of(&fold(word))];
    // J0hn, A1ice: digits that scanners and jokers put in the place of letters.
    if word.contains(|c: char| c.is_ascii_digit()) {
        let lettered = word
            .replace('0', "o")
            .replace('1', "i")
            .replace('3', "e")
            .replace('5', "s");
        forms.push(letters_of(&fold(&lettered)));
    }
    if !word.is_ascii() {
        forms.extend(spelled_out(word).map(|spelled| letters_of(&spelled)));
        let lower = word.to_lowercase();
        // Azerbaijani ə is romanised a or e, c is j; Turkish ş, ç and ğ, and their kin, are
        // spelled by sound in most passports of other countries.
        let respelled: String = lower
            .chars()
            .map(|letter| match letter {
                'ə' => "a",
                'ş' | 'š' | 'ś' => "sh",
                'ç' | 'č' | 'ć' => "ch",
                'ž' | 'ż' | 'ź' => "zh",
                'ğ' => "gh",
                'đ' => "dj",
                'ñ' | 'ń' | 'ň' => "ny",
                'ł' => "w",
                'ř' => "rz",
                _ => "",
            })
            .zip(lower.chars())
            .map(|(respelled, letter)| {
                if respelled.is_empty() {
                    letter.to_string()
                } else {
                    respelled.to_owned()
                }
            })
            .collect();
        forms.push(letters_of(&fold(&respelled)));
        if lower.contains('ə') {
            forms.push(letters_of(&fold(&respelled.replace('c', "j"))));
        }
    }
    forms
}

/// Russian by the British and American system, Ukrainian by its own, and Serbian, as far as the
/// letters leave each possible.
fn cyrillic(word: &str) -> Vec<String> {
    let word = word.to_lowercase();
    let russian: String = word.chars().map(russian_letter).collect();
    let mut forms = vec![russian];
    if !word.contains(['ы', 'э', 'ё', 'ъ']) {
        let ukrainian: String = word
            .chars()
            .map(|letter| match letter {
                'г' => "h",
                'и' => "y",
                'х' => "kh",
                other => russian_letter(other),
            })
            .collect();
        forms.push(ukrainian);
    }
    if word.contains(['ј', 'љ', 'њ', 'ћ', 'ђ', 'џ']) || word.ends_with("ић") {
        let serbian: String = word
            .chars()
            .map(|letter| match letter {
                'ј' => "j",
                'ж' => "z",
                'ш' => "s",
                'ц' | 'ч' | 'ћ' => "c",
                'х' => "h",
                'ђ' => "dj",
                other => russian_letter(other),
            })
            .collect();
        forms.push(serbian);
    }
    if let Some(stem) = ["ий", "ый", "ій"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
    {
        let stem: String = stem.chars().map(russian_letter).collect();
        forms.push(format!("{stem}y"));
    }
    if word.contains('ё') {
        forms.push(word.replace('ё', "е").chars().map(russian_letter).collect());
    }
    if word.contains("кс") {
        forms.push(
            word.chars()
                .map(russian_letter)
                .collect::<String>()
                .replace("ks", "x"),
        );
    }
    forms.iter().map(|form| letters_of(&fold(form))).collect()
}

fn russian_letter(letter: char) -> &'static str {
    match letter {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' | 'ѓ' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ё' => "yo",
        'є' => "ye",
        'ж' => "zh",
        'җ' | 'ҷ' => "j",
        'з' => "z",
        'и' | 'і' | 'ӣ' => "i",
        'ї' => "yi",
        'й' | 'ы' | 'ј' => "y",
        'к' | 'қ' | 'ќ' | 'ҡ' => "k",
        'л' => "l",
        'љ' => "lj",
        'м' => "m",
        'н' | 'ң' | 'ҥ' => "n",
        'њ' => "nj",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' | 'ҫ' => "s",
        'т' => "t",
        'у' | 'ұ' | 'ү' | 'ӯ' => "u",
        'ў' => "w",
        'ф' => "f",
        'х' => "kh",
        'һ' | 'ҳ' => "h",
        'ц' => "ts",
        'ч' | 'ћ' => "ch",
        'ђ' => "dj",
        'џ' => "dzh",
        'ш' => "sh",
        'щ' => "shch",
        'ю' => "yu",
        'я' => "ya",
        _ => "",
    }
}

/// Greek as names are romanised: `ου` u, `μπ` b, `ντ` d, `γγ` ng, `αυ` av.
fn greek(word: &str) -> String {
    const SOUNDS: &[(&str, &str)] = &[
        ("ου", "ou"),
        ("μπ", "b"),
        ("ντ", "d"),
        ("γκ", "g"),
        ("γγ", "ng"),
        ("τζ", "tz"),
        ("τσ", "ts"),
        ("αι", "ai"),
        ("ει", "ei"),
        ("οι", "oi"),
        ("αυ", "av"),
        ("ευ", "ev"),
    ];
    let plain: String = word
        .to_lowercase()
        .chars()
        .map(without_greek_accent)
        .collect();
    let mut out = String::with_capacity(plain.len());
    let mut rest = plain.as_str();
    while let Some(letter) = rest.chars().next() {
        if let Some((spelled, sound)) = SOUNDS.iter().find(|(spelled, _)| rest.starts_with(spelled))
        {
            // Inside a word the two are heard: Antonis, Lampros.
            let inside = !out.is_empty();
            out.push_str(match *spelled {
                "μπ" if inside => "mp",
                "ντ" if inside => "nt",
                "γκ" if inside => "gk",
                _ => sound,
            });
            rest = &rest[spelled.len()..];
        } else {
            out.push_str(match letter {
                'χ' => "ch",
                'β' => "v",
                'η' => "i",
                'υ' => "y",
                'φ' => "f",
                'ξ' => "x",
                'ψ' => "ps",
                'θ' => "th",
                'ω' => "o",
                _ => "",
            });
            if !"χβηυφξψθω".contains(letter) {
                out.push_str(&fold(letter.encode_utf8(&mut [0; 4])));
            }
            rest = &rest[letter.len_utf8()..];
        }
    }
    letters_of(&out)
}

fn without_greek_accent(letter: char) -> char {
    match letter {
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_script_is_recognised() {
        for (text, script) in [
            ("Ürümqi", Script::Latin),
            ("Дима", Script::Cyrillic),
            ("Νίκος", Script::Greek),
            ("محمد", Script::Abjad),
            ("משה", Script::Abjad),
            ("王伟", Script::Han),
            ("ジョン", Script::Kana),
            ("김", Script::Hangul),
            ("नरेन्द्र", Script::Indic),
            ("გიორგი", Script::Other),
        ] {
            assert_eq!(script_of(text), script, "{text}");
        }
    }

    #[test]
    fn romanisations_are_those_that_people_use() {
        for (word, romanised) in [
            ("Хрущёв", "khrushchyov"),
            ("Хрущёв", "khrushchev"),
            ("Ігор", "ihor"),
            ("Зеленський", "zelensky"),
            ("Јанковић", "jankovic"),
            ("Παπαδόπουλος", "papadopoulos"),
            ("Μπακογιάννη", "bakogianni"),
            ("Αγγελική", "angeliki"),
            ("ジョン", "jon"),
            ("きょうこ", "kyouko"),
            ("スミス", "smis"),
            ("Müller", "mueller"),
            ("Əliyev", "aliyev"),
        ] {
            let forms = romanisations(word, script_of(word));
            assert!(
                forms.iter().any(|form| form == romanised),
                "{word} {forms:?}"
            );
        }
    }
}
