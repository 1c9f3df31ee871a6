//! Salesforce ids: 15 case-sensitive characters, or the same with a checksum of three letters
//! that tells which letters were capitals.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

const START: usize = 917_132_831;
const STEP: usize = 37;

/// The 18-character id of the nth record of a kind, in this organization's instance.
pub(crate) fn make(prefix: &str, nth: usize) -> String {
    let mut digits = [b'0'; 6];
    // A start well above zero and a step prime to 62 vary the letters, and so the checksums.
    let mut rest = START + nth * STEP;
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[rest % 62];
        rest /= 62;
    }
    let tail: String = digits.iter().copied().map(char::from).collect();
    with_checksum(&format!("{prefix}Wd0000{}", &tail[..])[..15])
}

/// Which of its kind an 18-character id belongs to; none when it is not one of ours. The reverse
/// of [`make`].
pub(crate) fn number(prefix: &str, id: &str) -> Option<usize> {
    let tail = id.strip_prefix(prefix)?.strip_prefix("Wd0000")?.get(..6)?;
    let number = tail.bytes().try_fold(0, |sum, digit| {
        let digit = ALPHABET.iter().position(|letter| *letter == digit)?;
        Some(sum * 62 + digit)
    })?;
    let above = number.checked_sub(START)?;
    let nth = above / STEP;
    (above % STEP == 0 && make(prefix, nth) == id).then_some(nth)
}

/// Adds the checksum to a 15-character id: per block of five, one bit for each capital, lowest
/// first, picks the letter.
pub(crate) fn with_checksum(short: &str) -> String {
    let suffix = short.as_bytes().chunks(5).map(|block| {
        let bits = block
            .iter()
            .enumerate()
            .filter(|(_, letter)| letter.is_ascii_uppercase());
        char::from(CHECK[bits.fold(0, |sum, (bit, _)| sum | (1 << bit))])
    });
    format!("{short}{}", suffix.collect::<String>())
}

/// The 18-character form of an id in either form; none when it is not an id. Capitals of the
/// long form are restored from its checksum.
pub(crate) fn normalise(id: &str) -> Option<String> {
    if !id.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
        return None;
    }
    match id.len() {
        15 => Some(with_checksum(id)),
        18 => restore(id),
        _ => None,
    }
}

fn restore(id: &str) -> Option<String> {
    let (body, suffix) = id.split_at(15);
    let mut restored = String::with_capacity(15);
    for (block, check) in body.as_bytes().chunks(5).zip(suffix.bytes()) {
        let bits = CHECK
            .iter()
            .position(|letter| *letter == check.to_ascii_uppercase())?;
        for (bit, letter) in block.iter().enumerate() {
            let capital = bits & (1 << bit) != 0;
            let letter = if capital {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            };
            restored.push(char::from(letter));
        }
    }
    Some(with_checksum(&restored)).filter(|whole| whole.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_agree_with_ids_the_vendor_prints() {
        for (short, suffix) in [
            ("001D000000IqhSL", "IAZ"),
            ("001D000000Iomaz", "IAB"),
            ("0018a00001rBqb8", "AAC"),
            ("00190000001pPvH", "AAU"),
            ("0D5D0000000XZoH", "KAW"),
            ("04l0800002nrC5B", "AAU"),
            ("005000000000001", "AAA"),
        ] {
            assert_eq!(with_checksum(short), format!("{short}{suffix}"));
        }
    }

    #[test]
    fn every_way_to_write_an_id_means_the_same_user() {
        let id = make("005", 12);
        assert_eq!(id.len(), 18);
        assert_eq!(normalise(&id).as_ref(), Some(&id));
        assert_eq!(normalise(&id[..15]).as_ref(), Some(&id));
        assert_eq!(normalise(&id.to_lowercase()).as_ref(), Some(&id));
        assert_eq!(normalise("005!"), None);
    }

    #[test]
    fn an_id_tells_which_of_its_kind_it_is() {
        assert_eq!(number("005", &make("005", 4711)), Some(4711));
        assert_eq!(number("003", &make("005", 4711)), None);
        assert_eq!(number("005", "005000000000001AAA"), None);
    }

    #[test]
    fn ten_thousand_ids_differ_even_without_capitals() {
        let ids: std::collections::HashSet<_> = (0..10_000)
            .map(|nth| make("005", nth).to_lowercase())
            .collect();
        assert_eq!(ids.len(), 10_000);
    }
}
