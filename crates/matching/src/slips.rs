//! Slips of the pen: a letter left out, added, changed, or two neighbours exchanged.

/// Longest text that is looked at beyond its common start and end.
const LONGEST: usize = 40;

/// Slips between nothing and the first letters of a text.
const FIRST_ROW: [u8; LONGEST + 1] = {
    let mut row = [0; LONGEST + 1];
    let mut place = 1;
    while place < row.len() {
        row[place] = row[place - 1] + 1;
        place += 1;
    }
    row
};

/// How many slips lie between two texts (optimal string alignment), if at most `most`.
///
/// Counts bytes: the texts are folded to ASCII, or are at least compared alike. Most texts that
/// are compared have little in common, so their ends are cut and the rest given up early.
pub(crate) fn slips_within(one: &str, other: &str, most: usize) -> Option<usize> {
    let (mut a, mut b) = (one.as_bytes(), other.as_bytes());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b)
        && x == y
    {
        (a, b) = (rest_a, rest_b);
    }
    while let ([rest_a @ .., x], [rest_b @ .., y]) = (a, b)
        && x == y
    {
        (a, b) = (rest_a, rest_b);
    }
    if a.is_empty() || b.is_empty() {
        let slips = a.len().max(b.len());
        return (slips <= most).then_some(slips);
    }
    if a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let (mut before, mut above, mut row) = ([0_u8; LONGEST + 1], FIRST_ROW, [0_u8; LONGEST + 1]);
    for i in 1..=a.len() {
        row[0] = FIRST_ROW[i];
        let mut least = row[0];
        for j in 1..=b.len() {
            let changed = above[j - 1] + u8::from(a[i - 1] != b[j - 1]);
            let mut slips = changed.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                slips = slips.min(before[j - 2] + 1);
            }
            row[j] = slips;
            least = least.min(slips);
        }
        // An exchange of neighbours reaches back two rows, hence the two slips of grace.
        if usize::from(least) > most + 1 {
            return None;
        }
        (before, above, row) = (above, row, before);
    }
    let slips = usize::from(above[b.len()]);
    (slips <= most).then_some(slips)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slips_are_counted() {
        for (one, other, slips) in [
            ("john", "jlhn", Some(1)),
            ("wright", "writhg", Some(2)),
            ("wrihgt", "wright", Some(1)),
            ("same", "same", Some(0)),
            ("", "ab", Some(2)),
            ("jane", "mark", None),
        ] {
            assert_eq!(slips_within(one, other, 2), slips, "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn it_counts_as_the_textbook_does(one in "[abc]{0,9}", other in "[abc]{0,9}") {
            let exact = strsim::osa_distance(&one, &other);
            prop_assert_eq!(slips_within(&one, &other, 2), (exact <= 2).then_some(exact));
            prop_assert_eq!(slips_within(&one, &other, 1), (exact <= 1).then_some(exact));
        }
    }
}
