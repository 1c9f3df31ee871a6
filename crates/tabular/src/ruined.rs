//! Ids that a spreadsheet has taken for numbers.

/// The digits that a spreadsheet's numbers keep (IEEE 754 binary64).
const KEPT: usize = 15;

/// Whether a spreadsheet has turned a long number into scientific notation: `1.23E+15`.
pub fn is_scientific(text: &str) -> bool {
    // All that look so begin with a digit and are asked about a million times.
    if !text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    exponent.strip_prefix('+').is_some_and(digits) && digits(whole) && digits(fraction)
}

/// What a spreadsheet leaves of an id when it may have rounded it: its first 15 digits, behind
/// which there are only zeros. `None` for what was not rounded for sure.
///
/// An id may end so by itself: whoever asks must look whether it is known, and no other with the
/// same beginning.
///
/// ```
/// use counterpart_tabular::kept_of_rounded;
///
/// assert_eq!(kept_of_rounded("123456789012345000"), Some("123456789012345"));
/// assert_eq!(kept_of_rounded("123456789012345678"), None);
/// ```
pub fn kept_of_rounded(text: &str) -> Option<&str> {
    let digits = text.len() > KEPT && text.bytes().all(|byte| byte.is_ascii_digit());
    let (kept, rest) = digits.then(|| text.split_at(KEPT))?;
    rest.bytes().all(|byte| byte == b'0').then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scientific_notation_is_told_from_ids() {
        for text in ["1.23E+15", "1,23e+15", "5E+09"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in ["1E5", "0051E000001", "E+15", "", "12345"] {
            assert!(!is_scientific(text), "{text}");
        }
    }

    #[test]
    fn only_long_numbers_that_end_in_zeros_may_be_rounded() {
        for text in [
            "1000",
            "123456789012340",
            "0055g00000KxQ2000",
            "1234567890123451",
        ] {
            assert_eq!(kept_of_rounded(text), None, "{text}");
        }
        assert_eq!(kept_of_rounded("1234567890123450"), Some("123456789012345"));
    }
}
