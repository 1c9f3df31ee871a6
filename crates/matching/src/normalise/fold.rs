//! Case, accents and scripts folded to plain ASCII.

use any_ascii::any_ascii;

/// Lower-case ASCII of any text: accents stripped, other scripts romanised, runs of white space
/// and control characters made one space.
pub(crate) fn fold(text: &str) -> String {
    let romanised;
    let ascii = if text.is_ascii() {
        text
    } else {
        romanised = any_ascii(&text.to_lowercase());
        &romanised
    };
    let mut out = String::with_capacity(ascii.len());
    for character in ascii.chars() {
        if character.is_ascii_whitespace() || character.is_ascii_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(character.to_ascii_lowercase());
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Folded text with everything but letters and digits made a space: for titles, streets, towns.
pub(crate) fn fold_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in fold(text).chars() {
        if character.is_ascii_alphanumeric() {
            out.push(character);
        } else if character != '\'' && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The spelled-out form of Germanic and Nordic letters ("Müller" to "mueller"), if there are any.
pub(crate) fn spelled_out(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    if !lower.contains(['ä', 'ö', 'ü', 'ø', 'å', 'æ']) {
        return None;
    }
    let mut out = String::with_capacity(lower.len() + 4);
    for character in lower.chars() {
        match character {
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'ø' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'å' => out.push_str("aa"),
            other => out.push(other),
        }
    }
    Some(fold(&out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_strips_accents_case_and_scripts() {
        for (text, folded) in [
            ("Müller", "muller"),
            ("  Ana  María ", "ana maria"),
            ("Łukasz", "lukasz"),
            ("Groß", "gross"),
            ("İbrahim", "ibrahim"),
            ("Smirnov", "smirnov"),
            ("Смирнов", "smirnov"),
            ("Γιάννης", "giannis"),
            ("e\u{301}milie", "emilie"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn words_lose_their_punctuation() {
        assert_eq!(fold_words("Mgr., Sales & Ops"), "mgr sales ops");
        assert_eq!(fold_words("King's  Lynn"), "kings lynn");
    }

    #[test]
    fn umlauts_are_spelled_out_only_when_present() {
        assert_eq!(spelled_out("Jürgen").as_deref(), Some("juergen"));
        assert_eq!(spelled_out("Juergen"), None);
    }
}
