//! Arabic and Hebrew names against romanised ones: the native spelling has no short vowels, and
//! each of its consonants has several romanisations.

/// Cost of a consonant that the other side does not have.
const STRANGER: f32 = 1.0;

/// Letters of one native letter's possible romanisations, longest first. `~` marks a letter that
/// may also be silent, `^` a long vowel that is missed when it is not written.
const ARABIC: &[(char, &str)] = &[
    ('ا', "~a e i o u aa"),
    ('ب', "b"),
    ('ة', "~ah at a h t e"),
    ('ت', "t"),
    ('ث', "th s t"),
    ('ج', "dzh dj dsch j g gh y"),
    ('ح', "h kh"),
    ('خ', "kh ch h k x"),
    ('د', "d"),
    ('ذ', "dh th z d"),
    ('ر', "r"),
    ('ز', "z s"),
    ('س', "ss s c z"),
    ('ش', "sch sh ch s"),
    ('ص', "s c"),
    ('ض', "dh d z"),
    ('ط', "t"),
    ('ظ', "dh th z d"),
    ('ع', "~a e i o u aa"),
    ('غ', "gh g q"),
    ('ف', "ph f v"),
    ('ق', "gh q k g c"),
    ('ك', "ck k c q"),
    ('ل', "l"),
    ('م', "m"),
    ('ن', "n"),
    ('ه', "~h a e"),
    ('و', "^ou oo uw ow au aw u o w v"),
    ('ي', "^iy ee ei ai ay ey ie y i e j"),
    ('ء', "~a e i u"),
    ('ئ', "~y e i"),
    ('ؤ', "~ou oo u o w"),
    ('پ', "p b"),
    ('چ', "ch tsch tch c"),
    ('ژ', "zh j z"),
    ('گ', "gh g"),
    ('ڤ', "v f"),
    ('ڭ', "ng n"),
    ('ې', "^e i y"),
    ('ٹ', "t"),
];

const HEBREW: &[(char, &str)] = &[
    ('א', "~a e i o u"),
    ('ב', "b v w"),
    ('ג', "dj g j"),
    ('ד', "d"),
    ('ה', "~ah h a e"),
    ('ו', "^ou oo o u v w"),
    ('ז', "z s"),
    ('ח', "ch kh h"),
    ('ט', "t"),
    ('י', "^ei ee ai ay y i e j"),
    ('כ', "ch kh ck k c"),
    ('ך', "ch kh ck k c h"),
    ('ל', "l"),
    ('מ', "m"),
    ('ם', "m"),
    ('נ', "n"),
    ('ן', "n"),
    ('ס', "s"),
    ('ע', "~a e i o u"),
    ('פ', "ph p f"),
    ('ף', "ph f p"),
    ('צ', "tz ts z s c"),
    ('ץ', "tz ts z s c"),
    ('ק', "ck k c q"),
    ('ר', "r"),
    ('ש', "sch sh s"),
    ('ת', "th t"),
];

/// Whether a character belongs to a script that writes consonants only.
pub(super) fn is_abjad(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{5FF}' | '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}'
        | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
}

/// A native word with the spellings of one letter made one, and without marks that most writers
/// leave out.
pub(super) fn fold_abjad(word: &str) -> String {
    word.chars()
        .filter_map(|letter| match letter {
            'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
            'ى' | 'ی' | 'ے' | 'ۍ' => Some('ي'),
            'ک' | 'ڪ' => Some('ك'),
            'ہ' | 'ھ' | 'ۀ' | 'ە' => Some('ه'),
            'ډ' | 'ڈ' => Some('د'),
            'ړ' | 'ڑ' => Some('ر'),
            'ں' | 'ڼ' => Some('ن'),
            'ښ' => Some('ش'),
            'ځ' => Some('ج'),
            '\u{64B}'..='\u{65F}'
            | '\u{670}'
            | 'ـ'
            | '\u{591}'..='\u{5C7}'
            | '\u{200C}'..='\u{200F}' => None,
            other => Some(other),
        })
        .collect()
}

fn spellings(letter: char) -> Option<&'static str> {
    ARABIC
        .iter()
        .chain(HEBREW)
        .find(|(known, _)| *known == letter)
        .map(|(_, spellings)| *spellings)
}

/// What it costs to read a native word (see [`fold_abjad`]) as this folded romanised one: 0 when
/// every consonant has its letters, about one for each that does not.
pub(super) fn distance(native: &str, romanised: &str) -> f32 {
    let native: Vec<char> = native.chars().collect();
    let latin = romanised.as_bytes();
    let width = latin.len() + 1;
    let mut table = vec![f32::INFINITY; (native.len() + 1) * width];
    table[0] = 0.0;
    for i in 0..=native.len() {
        for j in 0..=latin.len() {
            let here = table[i * width + j];
            if !here.is_finite() {
                continue;
            }
            let mut reach = |place: usize, cost: f32| {
                if cost < table[place] {
                    table[place] = cost;
                }
            };
            if j < latin.len() {
                reach(i * width + j + 1, here + skipped(latin, j));
            }
            let Some(&letter) = native.get(i) else {
                continue;
            };
            let options = spellings(letter).unwrap_or("");
            let (silent, options) = match options.as_bytes().first() {
                Some(b'~') => (0.1, &options[1..]),
                Some(b'^') => (0.7, &options[1..]),
                _ => (STRANGER, options),
            };
            reach((i + 1) * width + j, here + silent);
            for option in options.split(' ').filter(|option| !option.is_empty()) {
                if latin[j..].starts_with(option.as_bytes()) {
                    let mut end = j + option.len();
                    // Doubled in romanisation, single in writing.
                    if latin.get(end) == Some(&latin[end - 1]) && !is_vowel(latin[end - 1]) {
                        end += 1;
                    }
                    reach((i + 1) * width + end, here);
                }
            }
        }
    }
    table[native.len() * width + latin.len()]
}

/// The cost of a romanised letter that the native spelling does not have: short vowels are free.
fn skipped(latin: &[u8], at: usize) -> f32 {
    match latin[at] {
        b'a' | b'e' | b'i' | b'o' | b'u' => 0.0,
        b'y' | b'h' | b'w' => 0.4,
        _ => STRANGER,
    }
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn romanisations_fit_their_native_spelling() {
        for (native, romanised) in [
            ("محمد", "muhammad"),
            ("محمد", "mohamed"),
            ("حسين", "hussein"),
            ("القذافي", "algaddafi"),
            ("يوسف", "youssef"),
            ("شريف", "cherif"),
            ("خالد", "khaled"),
            ("נתניהו", "netanyahu"),
            ("בנימין", "binyamin"),
            ("יצחק", "yitzhak"),
            ("פרידמן", "friedman"),
        ] {
            let cost = distance(&fold_abjad(native), romanised);
            assert!(cost <= 0.5, "{native} {romanised} {cost}");
        }
    }

    #[test]
    fn other_names_do_not_fit() {
        for (native, romanised) in [
            ("حسين", "hassan"),
            ("محمود", "mohammed"),
            ("خالد", "walid"),
            ("כהן", "levi"),
        ] {
            let cost = distance(&fold_abjad(native), romanised);
            assert!(cost > 0.5, "{native} {romanised} {cost}");
        }
    }

    #[test]
    fn tables_hold_a_letter_once() {
        for table in [ARABIC, HEBREW] {
            for (place, (letter, _)) in table.iter().enumerate() {
                assert!(
                    table[..place].iter().all(|(other, _)| other != letter),
                    "{letter}"
                );
            }
        }
    }
}
