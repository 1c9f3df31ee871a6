//! Folding of text for search and sort, the same in every database because it happens here.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds `text` for search and sort: compatibility decomposition (NFKD), no diacritics, lower
/// case, letters without a decomposition spelled plainly (`ł` → `l`, `ß` → `ss`), white space
/// collapsed.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_whitespace() {
            gap = !folded.is_empty();
            continue;
        }
        if gap {
            folded.push(' ');
            gap = false;
        }
        for lower in c.to_lowercase() {
            match plain_spelling(lower) {
                Some(plain) => folded.push_str(plain),
                None => folded.push(lower),
            }
        }
    }
    folded
}

/// What [`fold`] makes of ASCII, which has nothing to decompose and no diacritics: most of what is
/// folded, and many times faster without the tables.
fn fold_ascii(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // `char::is_whitespace` and not `u8::is_ascii_whitespace`, which leaves out U+000B.
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded.make_ascii_lowercase();
    folded
}

/// Letters that Unicode does not decompose, as people type them on a plain keyboard.
const fn plain_spelling(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        _ => return None,
    })
}

/// Folds an e-mail address for comparison: trimmed, lower case, the domain in its ASCII form
/// (UTS 46). `None` when it is not of the form `local@domain`.
///
/// RFC 5321 lets the local part be case-sensitive; no mail system in use makes use of it, and
/// products that compare byte by byte are the reason many mappings are missing.
pub fn fold_email(address: &str) -> Option<String> {
    let (local, domain) = address.trim().rsplit_once('@')?;
    if local.is_empty() || domain.is_empty() || local.contains(char::is_whitespace) {
        return None;
    }
    let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase());
    Some(format!(
        "{}@{domain}",
        local.nfkc().collect::<String>().to_lowercase()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_to_what_people_type() {
        for (name, folded) in [
            ("Małgorzata  Ostrowska ", "malgorzata ostrowska"),
            ("Dương Nguyễn", "duong nguyen"),
            ("Straße", "strasse"),
            ("ＡＢＣ", "abc"),
        ] {
            assert_eq!(fold(name), folded);
        }
    }

    #[test]
    fn ascii_folds_as_any_other_text() {
        let every: String = (0..128_u8).map(char::from).collect();
        for text in [every.as_str(), " \u{b} A\tb\u{c}C  ", "", "\u{1c}x\u{1f}"] {
            // A letter of another script at the end takes the general way.
            let general = fold(&format!("{text}\u{3b1}"));
            assert_eq!(
                Some(fold(&format!("{text}a")).as_str()),
                general
                    .strip_suffix('\u{3b1}')
                    .map(|rest| format!("{rest}a"))
                    .as_deref()
            );
        }
    }

    #[test]
    fn addresses_fold_case_and_domain() {
        assert_eq!(
            fold_email(" Ann.Lee@Bücher.Example"),
            Some("ann.lee@xn--bcher-kva.example".into())
        );
        assert_eq!(fold_email("ann.lee"), None);
        assert_eq!(fold_email("@example.com"), None);
    }
}
