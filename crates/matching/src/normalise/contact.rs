//! Phone numbers and ids.

use crate::slips::slips_within;

/// A phone number reduced to its significant digits, as a number, or `None` when there are fewer
/// than five. E.164 has fifteen at most; of more than eighteen the last ones count.
///
/// Numbers arrive with and without country code, with trunk zeros and with `00`. Without knowing
/// the country of a record those cannot be told apart reliably, so the prefix zeros go and two
/// numbers count as equal when one ends with the other (see [`same_phone`]). Full E.164 parsing
/// would need a default region per record, which the sources do not have.
pub(crate) fn phone_number(text: &str) -> Option<u64> {
    let mut number = 0_u64;
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        // "+44 (0)20 …": the trunk zero in brackets is not dialled from abroad.
        rest = behind
            .strip_prefix(b"0)")
            .filter(|_| *first == b'(')
            .unwrap_or(behind);
        match first {
            b'0'..=b'9' => {
                number = (number % 100_000_000_000_000_000) * 10 + u64::from(first - b'0');
            }
            // An extension, or a second number.
            b'x' | b';' | b'#' => break,
            _ => {}
        }
    }
    (number >= 10_000).then_some(number)
}

/// The extension that stands behind a number: `+44 20 1234567 ext. 3330`, `020 1234567x12`.
pub(crate) fn extension_in(text: &str) -> Option<&str> {
    let (number, behind) = text.rsplit_once(['x', '#', '.'])?;
    let extension = behind.trim();
    let is_extension = !extension.is_empty() && extension.bytes().all(|byte| byte.is_ascii_digit());
    (is_extension && (text.contains(['x', '#'])) && phone_number(number).is_some())
        .then_some(extension)
}

/// The least number of seven digits.
const LEAST_COMMON: u64 = 1_000_000;

/// Whether two reduced numbers are one line: equal, or one the end of the other with at least
/// seven digits in common.
pub(crate) fn same_phone(one: u64, other: u64) -> bool {
    let (long, short) = (one.max(other), one.min(other));
    long == short || (short >= LEAST_COMMON && long % 10_u64.pow(short.ilog10() + 1) == short)
}

/// Whether two numbers of at least seven digits have the same last seven but for one slip.
pub(crate) fn close_phones(one: u64, other: u64) -> bool {
    // A slip leaves the first or the last three digits as they are.
    let starts = one / 10_000 % 1_000 == other / 10_000 % 1_000;
    let ends = one % 1_000 == other % 1_000;
    if one.min(other) < LEAST_COMMON || !(starts || ends) {
        return false;
    }
    let (mut a, mut b) = ([0; 7], [0; 7]);
    slips_within(phone_tail(one, &mut a), phone_tail(other, &mut b), 1).is_some()
}

/// The last digits of a number, written into a buffer: what the spellings of one line have in
/// common.
pub(crate) fn phone_tail(number: u64, buffer: &mut [u8; 7]) -> &str {
    let mut rest = number;
    let mut start = buffer.len();
    while start > 0 && rest > 0 {
        start -= 1;
        buffer[start] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    // Digits are ASCII.
    std::str::from_utf8(&buffer[start..]).unwrap_or_default()
}

/// An employee number or foreign id: case and separators folded, leading zeros kept (they are
/// part of the id in some systems). Put into `out`, whose content goes. Postcodes are folded
/// alike.
pub(crate) fn external_id_into(text: &str, out: &mut String) {
    out.clear();
    for part in text.split(|character: char| !character.is_ascii_alphanumeric()) {
        out.push_str(part);
    }
    out.make_ascii_lowercase();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_are_the_same_line() {
        let full = phone_number("+44 20 123 4567").unwrap();
        for text in [
            "(20) 123-4567",
            "0044-20-123-4567",
            "020 1234567",
            "+44 (0)20 1234567",
            "+44201234567x12",
        ] {
            assert!(same_phone(full, phone_number(text).unwrap()), "{text}");
        }
        assert!(!same_phone(full, phone_number("+44 20 123 4568").unwrap()));
        assert!(!same_phone(full, phone_number("34567").unwrap()));
    }

    #[test]
    fn too_few_digits_are_no_phone_number() {
        assert_eq!(phone_number("ext 12"), None);
        assert_eq!(phone_number("000"), None);
    }

    #[test]
    fn an_extension_is_found_behind_the_number() {
        for (text, extension) in [
            ("+44 20 1234567 ext. 3330", Some("3330")),
            ("+44 20 1234567x12", Some("12")),
            ("+44 20 1234567 #7", Some("7")),
            ("+44.20.1234567", None),
            ("ext. 12", None),
        ] {
            assert_eq!(extension_in(text), extension, "{text}");
        }
    }

    #[test]
    fn the_tail_keeps_its_zeros() {
        for (number, tail) in [(44_200_123_456, "0123456"), (12_345, "12345")] {
            assert_eq!(phone_tail(number, &mut [0; 7]), tail);
        }
    }

    #[test]
    fn ids_ignore_case_and_separators() {
        let mut out = String::new();
        external_id_into(" e-0042 ", &mut out);
        assert_eq!(out, "e0042");
    }
}
