//! Changes to the letters of a name: diacritics taken off or spelled out, slips of the keyboard.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::random::Random;

/// Latin letters that do not come apart into a base letter and a mark.
const SINGLE: &[(char, &str)] = &[
    ('ł', "l"),
    ('Ł', "L"),
    ('đ', "d"),
    ('Đ', "D"),
    ('ø', "o"),
    ('Ø', "O"),
    ('ß', "ss"),
    ('ı', "i"),
    ('æ', "ae"),
    ('Æ', "Ae"),
    ('œ', "oe"),
    ('ʿ', "'"),
    ('’', "'"),
];

/// How letters are spelled out where they cannot be typed, in German and the Nordic languages.
const SPELLED_OUT: &[(char, &str)] = &[
    ('ä', "ae"),
    ('ö', "oe"),
    ('ü', "ue"),
    ('Ä', "Ae"),
    ('Ö', "Oe"),
    ('Ü', "Ue"),
    ('ø', "oe"),
    ('Ø', "Oe"),
    ('å', "aa"),
    ('Å', "Aa"),
];

/// The text without diacritics: Müller is Muller. Letters of other scripts stay.
pub(super) fn strip_diacritics(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut stripped = String::with_capacity(text.len());
    for letter in text.nfd().filter(|letter| !is_combining_mark(*letter)) {
        match SINGLE.iter().find(|(single, _)| *single == letter) {
            Some((_, plain)) => stripped.push_str(plain),
            None => stripped.push(letter),
        }
    }
    stripped
}

/// The text with umlauts spelled out: Müller is Mueller.
pub(super) fn spell_out(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    for letter in text.nfc() {
        match SPELLED_OUT.iter().find(|(umlaut, _)| *umlaut == letter) {
            Some((_, pair)) => spelled.push_str(pair),
            None => spelled.push(letter),
        }
    }
    strip_diacritics(&spelled)
}

/// Only small ASCII letters and digits: what an address is built of.
pub(super) fn address_letters(text: &str) -> String {
    strip_diacritics(text)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// One slip of the keyboard: a letter lost, doubled, exchanged with the next or with another. The
/// first letter stays, as people look at it; texts of fewer than three letters stay as they are.
pub(super) fn mistype(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let place = 1 + random.index(letters.len() - 1);
    match random.below(10) {
        0..3 => {
            letters.remove(place);
        }
        3..6 if place + 1 < letters.len() && letters[place] != letters[place + 1] => {
            letters.swap(place, place + 1);
        }
        6 => letters.insert(place, letters[place]),
        _ => {
            let others: Vec<char> = "aeiourstnlmd"
                .chars()
                .filter(|other| *other != letters[place].to_ascii_lowercase())
                .collect();
            letters[place] = *random.pick(&others);
        }
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::{address_letters, mistype, spell_out, strip_diacritics};
    use crate::bench::directory::random::Random;

    #[test]
    fn diacritics_come_off_or_are_spelled_out() {
        assert_eq!(strip_diacritics("Łukasz Żółć Nguyễn"), "Lukasz Zolc Nguyen");
        assert_eq!(strip_diacritics("İbrahim Işık"), "Ibrahim Isik");
        assert_eq!(spell_out("Größler Åkesson"), "Groessler Aakesson");
        assert_eq!(strip_diacritics("Иванов"), "Иванов");
    }

    #[test]
    fn an_address_has_plain_letters_only() {
        assert_eq!(address_letters("O'Brien-Núñez"), "obriennunez");
    }

    #[test]
    fn a_slip_changes_the_text_and_leaves_its_first_letter() {
        let mut random = Random::new(3);
        for _ in 0..1000 {
            let mistyped = mistype("Johansson", &mut random);
            assert_ne!(mistyped, "Johansson");
            assert!(mistyped.starts_with('J'), "{mistyped}");
        }
        assert_eq!(mistype("Li", &mut random), "Li");
    }
}
