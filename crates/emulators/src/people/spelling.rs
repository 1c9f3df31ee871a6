//! How one name or number is written in different places.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The name in plain Latin letters, as a keyboard without diacritics leaves it.
pub(crate) fn folded(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.nfd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'ß' => plain.push_str("ss"),
            'ø' => plain.push('o'),
            'Ø' => plain.push('O'),
            'æ' => plain.push_str("ae"),
            'ł' => plain.push('l'),
            'Ł' => plain.push('L'),
            'đ' => plain.push('d'),
            'Đ' => plain.push('D'),
            'ı' => plain.push('i'),
            other => plain.push(other),
        }
    }
    plain
}

/// The name as German, and with it most passports, writes umlauts without dots.
pub(crate) fn german(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            'ä' | 'æ' => plain.push_str("ae"),
            'ö' | 'ø' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'Ä' => plain.push_str("Ae"),
            'Ö' | 'Ø' => plain.push_str("Oe"),
            'Ü' => plain.push_str("Ue"),
            'å' => plain.push_str("aa"),
            'Å' => plain.push_str("Aa"),
            other => plain.push(other),
        }
    }
    folded(&plain)
}

/// The name as part of an e-mail address: lower case, letters and digits only.
pub(crate) fn mail_part(name: &str, locale: &str) -> String {
    let plain = if matches!(locale, "de_DE" | "sv_SE") {
        german(name)
    } else {
        folded(name)
    };
    plain
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// The first letter with a full stop.
pub(crate) fn initial(name: &str) -> String {
    name.chars()
        .next()
        .map(|letter| format!("{letter}."))
        .unwrap_or_default()
}

/// `anna.meyer@…` as somebody typed it with capitals: `Anna.Meyer@…`.
pub(crate) fn capitalised(email: &str) -> String {
    let Some((local, domain)) = email.split_once('@') else {
        return email.to_owned();
    };
    let parts: Vec<String> = local
        .split('.')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| {
                format!("{}{}", first.to_ascii_uppercase(), letters.as_str())
            })
        })
        .collect();
    format!("{}@{domain}", parts.join("."))
}

/// A British number as people write it: one of four spellings of the same `+44…`.
pub(crate) fn phone(e164: &str, spelling: usize) -> String {
    let Some(national) = e164.strip_prefix("+44") else {
        return e164.to_owned();
    };
    // London's code has two digits, all others here three or (mobiles) four.
    let code = if national.starts_with("20") {
        2
    } else if national.starts_with('7') {
        4
    } else {
        3
    };
    let (area, rest) = national.split_at(code.min(national.len()));
    let (front, back) = rest.split_at(rest.len().saturating_sub(4));
    let subscriber = if code == 4 {
        rest.to_owned()
    } else {
        format!("{front} {back}")
    };
    match spelling % 4 {
        0 => format!("+44 {area} {subscriber}"),
        1 => format!("0{area} {subscriber}"),
        2 => format!("+44 (0){area} {subscriber}"),
        _ => e164.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_marks_but_not_their_letters() {
        assert_eq!(folded("Łukasz Wiśniewski"), "Lukasz Wisniewski");
        assert_eq!(folded("Søren Weiß"), "Soren Weiss");
        assert_eq!(german("Jürgen Müller"), "Juergen Mueller");
        assert_eq!(mail_part("O'Brien", "en_IE"), "obrien");
    }

    #[test]
    fn a_number_keeps_its_digits_in_every_spelling() {
        assert_eq!(phone("+442079460123", 0), "+44 20 7946 0123");
        assert_eq!(phone("+441134960123", 1), "0113 496 0123");
        assert_eq!(phone("+442079460123", 2), "+44 (0)20 7946 0123");
        assert_eq!(phone("+442079460123", 3), "+442079460123");
    }
}
