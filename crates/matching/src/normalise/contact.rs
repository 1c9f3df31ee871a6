//! Phone numbers and ids.

/// A phone number reduced to its significant digits, or `None` when there are fewer than five.
///
/// Numbers arrive with and without country code, with trunk zeros and with `00`. Without knowing
/// the country of a record those cannot be told apart reliably, so the prefix zeros go and two
/// numbers count as equal when one ends with the other (see [`same_phone`]). Full E.164 parsing
/// would need a default region per record, which the sources do not have.
pub(crate) fn phone_digits(text: &str) -> Option<String> {
    let text = text
        .split_once(['x', ';', '#'])
        .map_or(text, |(number, _)| number);
    // "+44 (0)20 …": the trunk zero in brackets is not dialled from abroad.
    let text = text.replace("(0)", "");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0');
    (significant.len() >= 5).then(|| significant.to_owned())
}

/// Whether two reduced numbers are one line: equal, or one the end of the other with at least
/// seven digits in common.
pub(crate) fn same_phone(one: &str, other: &str) -> bool {
    let (long, short) = if one.len() >= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    long == short || (short.len() >= 7 && long.ends_with(short))
}

/// The last digits of a number: what the spellings of one line have in common.
pub(crate) fn phone_tail(digits: &str) -> &str {
    &digits[digits.len().saturating_sub(7)..]
}

/// An employee number or foreign id: case and separators folded, leading zeros kept (they are
/// part of the id in some systems).
pub(crate) fn external_id(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// A postcode without case and spaces.
pub(crate) fn postcode(text: &str) -> String {
    external_id(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_are_the_same_line() {
        let full = phone_digits("+44 20 123 4567").unwrap();
        for text in [
            "(20) 123-4567",
            "0044-20-123-4567",
            "020 1234567",
            "+44 (0)20 1234567",
            "+44201234567x12",
        ] {
            assert!(same_phone(&full, &phone_digits(text).unwrap()), "{text}");
        }
        assert!(!same_phone(
            &full,
            &phone_digits("+44 20 123 4568").unwrap()
        ));
    }

    #[test]
    fn too_few_digits_are_no_phone_number() {
        assert_eq!(phone_digits("ext 12"), None);
        assert_eq!(phone_digits("000"), None);
    }

    #[test]
    fn ids_ignore_case_and_separators() {
        assert_eq!(external_id(" e-0042 "), "e0042");
    }
}
