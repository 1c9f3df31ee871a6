//! Ids: lower-case GUIDs of the kind a database hands out in order, all made from a number.

/// Odd, so that multiplying by it loses nothing; the golden ratio of 32 bits scatters best.
const FACTOR: u32 = 0x9e37_79b1;

/// What undoes [`FACTOR`], modulo 2^32.
const INVERSE: u32 = inverse(FACTOR);

/// Newton's iteration; every round doubles the number of right bits.
const fn inverse(factor: u32) -> u32 {
    let mut found = factor;
    let mut round = 0;
    while round < 5 {
        found = found.wrapping_mul(2u32.wrapping_sub(factor.wrapping_mul(found)));
        round += 1;
    }
    found
}

/// FNV-1a of the kind's name, so that ids of two kinds differ everywhere.
fn tag(kind: &str) -> u32 {
    kind.bytes().fold(0x811c_9dc5, |state, byte| {
        (state ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The id of the nth record of a kind.
pub(crate) fn make(kind: &str, nth: usize) -> String {
    let tag = tag(kind);
    // At most 200,000 records of a kind are seeded.
    let nth = u32::try_from(nth).unwrap_or(u32::MAX);
    let head = nth.wrapping_mul(FACTOR).wrapping_add(tag);
    format!(
        "{head:08x}-{:04x}-ef11-{:04x}-000d3a{:06x}",
        tag & 0xffff,
        0x8000 | (tag >> 16 & 0x3fff),
        tag & 0x00ff_ffff ^ 0x0055_aa33,
    )
}

/// Which of its kind an id belongs to; none when it is not one of ours. The reverse of [`make`].
pub(crate) fn number(kind: &str, id: &str) -> Option<usize> {
    let head = u32::from_str_radix(id.get(..8)?, 16).ok()?;
    let nth = head.wrapping_sub(tag(kind)).wrapping_mul(INVERSE);
    let nth = usize::try_from(nth).ok()?;
    (make(kind, nth) == id).then_some(nth)
}

/// The id as the vendor writes it, from any of the ways to write a GUID; none when it is none.
pub(crate) fn normalise(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'))
        .unwrap_or(text);
    let lengths: Vec<usize> = bare.split('-').map(str::len).collect();
    let digits = bare
        .chars()
        .all(|letter| letter == '-' || letter.is_ascii_hexdigit());
    (lengths == [8, 4, 4, 4, 12] && digits).then(|| bare.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_which_of_its_kind_it_is() {
        for nth in [0, 1, 4711, 199_999] {
            assert_eq!(number("contact", &make("contact", nth)), Some(nth));
        }
        assert_eq!(number("lead", &make("contact", 4711)), None);
    }

    #[test]
    fn guids_are_read_in_any_case_and_with_braces_but_not_otherwise() {
        let id = make("systemuser", 3);
        assert_eq!(normalise(&format!("{{{}}}", id.to_uppercase())), Some(id));
        assert_eq!(normalise("not-a-guid"), None);
    }
}
