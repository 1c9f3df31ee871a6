//! Telephone numbers as Tryton keeps them: read once when they are written, then in one spelling.

/// E.164 of what somebody typed, where a British number is meant when there is no prefix.
pub(crate) fn compact(typed: &str) -> Option<String> {
    let typed = typed.replace("(0)", "");
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let whole = if typed.trim_start().starts_with('+') {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else {
        format!("44{}", digits.strip_prefix('0')?)
    };
    (8..=15).contains(&whole.len()).then(|| format!("+{whole}"))
}

/// What a client writes: without a prefix nobody knows the country, and it is refused.
pub(crate) fn written(typed: &str) -> Option<String> {
    compact(typed).filter(|_| typed.trim_start().starts_with('+'))
}

/// The international spelling of an E.164 number.
pub(crate) fn international(compact: &str) -> String {
    let Some(national) = compact
        .strip_prefix("+44")
        .filter(|national| national.len() == 10)
    else {
        return compact.to_owned();
    };
    let groups: &[usize] = match &national[..1] {
        "2" => &[2, 4, 4],
        "7" => &[4, 6],
        _ => &[3, 3, 4],
    };
    let mut spelt = String::from("+44");
    let mut at = 0;
    for group in groups {
        spelt.push(' ');
        spelt.push_str(&national[at..at + group]);
        at += group;
    }
    spelt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_in_one_spelling() {
        assert_eq!(compact("020 7946 0107").as_deref(), Some("+442079460107"));
        assert_eq!(
            compact("+44 (0)20 7946-0107").as_deref(),
            Some("+442079460107")
        );
        assert_eq!(written("020 7946 0107"), None);
        assert_eq!(international("+442079460107"), "+44 20 7946 0107");
        assert_eq!(international("+441134960500"), "+44 113 496 0500");
        assert_eq!(international("+15550100"), "+15550100");
    }
}
