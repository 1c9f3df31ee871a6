use std::collections::{BTreeMap, BTreeSet};

use super::{Directory, as_number, generate};
use crate::bench::directory::{shares, table::Table, tags::Tag};

/// The rows of a table, read by a parser that is not ours.
fn rows(table: &Table) -> Vec<Vec<String>> {
    csv::Reader::from_reader(table.to_text().as_bytes())
        .records()
        .map(|row| {
            row.expect("every row is well-formed")
                .iter()
                .map(str::to_owned)
                .collect()
        })
        .collect()
}

fn by_id(table: &Table) -> BTreeMap<String, Vec<String>> {
    let rows = rows(table);
    let count = rows.len();
    let by_id: BTreeMap<_, _> = rows.into_iter().map(|row| (row[0].clone(), row)).collect();
    assert_eq!(by_id.len(), count, "ids are unique");
    by_id
}

fn tagged(directory: &Directory, tag: Tag) -> Vec<Vec<String>> {
    rows(&directory.truth)
        .into_iter()
        .filter(|row| row[2].split(' ').any(|name| name == tag.name()))
        .collect()
}

/// Asserts that about `permille` of `whole` is `part`.
fn assert_share(part: usize, whole: usize, permille: u32, what: &str) {
    let expected = whole * permille as usize / 1000;
    // Four standard deviations of a binomial draw, and a percent for what other draws take away.
    let tolerance = 4 * expected.isqrt() + whole / 100;
    assert!(
        part.abs_diff(expected) <= tolerance,
        "{what}: {part} of {whole}, expected {expected}"
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let text = |seed| {
        let directory = generate(2000, seed);
        [
            directory.people.to_text(),
            directory.users.to_text(),
            directory.truth.to_text(),
            directory.distractors.to_text(),
        ]
        .concat()
    };
    assert_eq!(text(3), text(3));
    assert_ne!(text(3), text(4));
}

#[test]
fn both_sides_have_the_rows_asked_for() {
    for count in [20, 21, 500, 3001] {
        let directory = generate(count, 1);
        assert_eq!(directory.people.len(), count);
        assert_eq!(directory.users.len(), count);
    }
}

#[test]
fn true_pairs_exist_and_are_one_to_one_and_the_rest_is_explained() {
    let directory = generate(5000, 1);
    let (people, users) = (by_id(&directory.people), by_id(&directory.users));
    let truth = rows(&directory.truth);
    let of_people: BTreeSet<&String> = truth.iter().map(|row| &row[0]).collect();
    let of_users: BTreeSet<&String> = truth.iter().map(|row| &row[1]).collect();
    assert_eq!(
        (of_people.len(), of_users.len()),
        (truth.len(), truth.len())
    );
    assert!(of_people.iter().all(|id| people.contains_key(*id)));
    assert!(of_users.iter().all(|id| users.contains_key(*id)));

    let distractors = rows(&directory.distractors);
    let alone = |side: &str| -> BTreeSet<&String> {
        distractors
            .iter()
            .filter(|row| row[0] == side)
            .map(|row| &row[1])
            .collect()
    };
    assert_eq!(alone("platform").len() + truth.len(), people.len());
    assert_eq!(alone("crm").len() + truth.len(), users.len());
    assert!(alone("platform").is_disjoint(&of_people));
    assert!(alone("crm").is_disjoint(&of_users));
}

#[test]
fn tags_are_from_the_list_and_each_of_them_occurs() {
    let directory = generate(20_000, 2);
    let mut seen = BTreeSet::new();
    for row in rows(&directory.truth) {
        seen.extend(row[2].split(' ').map(str::to_owned));
    }
    let mut known: BTreeSet<String> = Tag::ALL.iter().map(|tag| tag.name().to_owned()).collect();
    known.remove(Tag::Namesake.name());
    assert_eq!(seen, known);
}

#[test]
fn a_fifth_of_each_side_has_no_counterpart() {
    let directory = generate(20_000, 1);
    assert_share(directory.truth.len(), 20_000, 805, "pairs");
}

#[test]
fn shares_are_as_configured() {
    let directory = generate(30_000, 1);
    let pairs = directory.truth.len();
    for (tag, permille) in [
        (Tag::Typo, shares::TYPO),
        (Tag::Comma, shares::COMMA),
        (Tag::Honorific, shares::HONORIFIC),
        (Tag::Contractor, shares::CONTRACTOR),
        (Tag::Inactive, shares::INACTIVE),
        (Tag::Duplicate, shares::DUPLICATE),
        (Tag::PhoneMissing, shares::PHONE_MISSING),
        (Tag::PhoneOther, shares::PHONE_OTHER),
        (Tag::TitleShort, shares::TITLE_SHORT),
        (Tag::Middle, shares::HAS_MIDDLE * shares::MIDDLE / 1000),
        (Tag::Married, shares::MARRIED / 2),
    ] {
        assert_share(tagged(&directory, tag).len(), pairs, permille, tag.name());
    }
}

#[test]
fn every_pair_says_what_became_of_its_address() {
    let directory = generate(5000, 6);
    let (people, users) = (by_id(&directory.people), by_id(&directory.users));
    for row in tagged(&directory, Tag::EmailSame) {
        let (person, user) = (&people[&row[0]], &users[&row[1]]);
        let in_crm = user[5].strip_suffix(".invalid").unwrap_or(&user[5]);
        assert_eq!(person[5], in_crm);
    }
    for row in tagged(&directory, Tag::EmailMissing) {
        assert_eq!(users[&row[1]][5], "");
    }
    for row in tagged(&directory, Tag::EmailSandbox) {
        assert!(users[&row[1]][5].ends_with(".invalid"));
    }
    let kinds = [
        Tag::EmailSame,
        Tag::EmailCase,
        Tag::EmailPlus,
        Tag::EmailPattern,
        Tag::EmailDomain,
        Tag::EmailMissing,
        Tag::EmailPrivate,
        Tag::EmailTypo,
    ];
    let counted: usize = kinds.iter().map(|tag| tagged(&directory, *tag).len()).sum();
    assert_eq!(counted, directory.truth.len());
}

#[test]
fn no_address_is_given_to_two_humans_of_one_file() {
    let directory = generate(5000, 6);
    let addresses: Vec<String> = rows(&directory.people)
        .into_iter()
        .map(|row| row[5].clone())
        .collect();
    let different: BTreeSet<&String> = addresses.iter().collect();
    assert_eq!(different.len(), addresses.len());
}

#[test]
fn an_id_kept_as_a_number_has_no_letter_and_no_leading_zeros() {
    assert_eq!(as_number("E0042117"), "42117");
    assert_eq!(as_number("E0000000"), "0");
}
