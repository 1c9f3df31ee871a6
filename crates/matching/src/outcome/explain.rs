//! Evidence in words that an admin understands.

use std::borrow::Cow;

use crate::compare::{Comparer, Comparison};
use crate::corpus::KNOWN_COLUMNS;
use crate::outcome::proposal::{Evidence, EvidenceKind};
use crate::weigh::fields::{
    BIRTH, DOMAIN, EMAIL, EXTENSION, FAMILY, FIELDS, GIVEN, ID, MIDDLE, ORDER, PHONE, POSTCODE,
    STATUS, TEXT, UNKNOWN, USERNAME, domain_level, email_level, key_level, level, name_level,
    status_level,
};
use crate::weigh::model::Model;

/// Bits below which evidence is not worth a line.
const LEAST_BITS: f64 = 0.05;

/// Rarity, in bits, from which a value is called rare, and below which common.
const RARE: f32 = 11.0;
const COMMON: f32 = 7.0;

/// All evidence of a comparison that weighs anything, the heaviest first.
pub(crate) fn explain(
    comparer: &Comparer<'_>,
    model: &Model,
    comparison: &Comparison,
) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = (0..FIELDS)
        .filter(|field| comparison.levels[*field] != UNKNOWN)
        .map(|field| Evidence {
            kind: kind_of(field),
            words: words_of(comparer, comparison, field),
            bits: (model.field_bits(comparison, field) * 100.0).round() / 100.0,
        })
        .filter(|evidence| evidence.bits.abs() >= LEAST_BITS)
        .collect();
    evidence.sort_by(|one, other| other.bits.abs().total_cmp(&one.bits.abs()));
    evidence
}

fn kind_of(field: usize) -> EvidenceKind {
    match field {
        GIVEN => EvidenceKind::GivenName,
        FAMILY => EvidenceKind::FamilyName,
        MIDDLE => EvidenceKind::MiddleName,
        ORDER => EvidenceKind::NameOrder,
        EMAIL => EvidenceKind::Email,
        DOMAIN => EvidenceKind::Domain,
        USERNAME => EvidenceKind::Username,
        PHONE => EvidenceKind::Phone,
        EXTENSION => EvidenceKind::Extension,
        ID => EvidenceKind::ExternalId,
        BIRTH => EvidenceKind::BirthDate,
        POSTCODE => EvidenceKind::Postcode,
        STATUS => EvidenceKind::Account,
        _ => EvidenceKind::Text,
    }
}

fn words_of(comparer: &Comparer<'_>, comparison: &Comparison, field: usize) -> Cow<'static, str> {
    if field >= TEXT {
        return text_words(comparer, field - TEXT, comparison.levels[field]);
    }
    if field == EMAIL && comparison.by_equivalence && comparison.levels[EMAIL] == email_level::SAME
    {
        return Cow::Borrowed("e-mail equal, as its domains count as one");
    }
    if field == EMAIL && comparison.undecorated && comparison.levels[EMAIL] == email_level::SAME {
        return Cow::Borrowed("e-mail equal once a sandbox's decoration is taken off");
    }
    Cow::Borrowed(field_words(
        field,
        comparison.levels[field],
        comparison.rarity[field],
    ))
}

fn text_words(comparer: &Comparer<'_>, column: usize, found: u8) -> Cow<'static, str> {
    let outcome = match found {
        level::SAME => 0,
        level::CLOSE => 1,
        _ => 2,
    };
    // A million rows say one of these.
    let known: [[&str; 3]; KNOWN_COLUMNS.len()] = [
        ["title equal", "title nearly equal", "title differs"],
        [
            "department equal",
            "department nearly equal",
            "department differs",
        ],
        ["city equal", "city nearly equal", "city differs"],
        ["manager equal", "manager nearly equal", "manager differs"],
    ];
    if let Some(words) = known.get(column) {
        return Cow::Borrowed(words[outcome]);
    }
    let column = comparer.corpus.texts.get(column);
    let label = column.map_or("text", |column| column.label.as_str());
    let how = ["equal", "nearly equal", "differs"][outcome];
    Cow::Owned(format!("{label} {how}"))
}

fn field_words(field: usize, found: u8, rarity: f32) -> &'static str {
    match field {
        GIVEN => given_words(found, rarity),
        FAMILY => family_words(found, rarity),
        MIDDLE if found == 1 => "middle name or initial agrees",
        MIDDLE => "middle name differs",
        ORDER if found == 2 => "given and family name exchanged",
        ORDER => "name in the same order",
        EMAIL => email_words(found),
        DOMAIN => domain_words(found),
        USERNAME if found == key_level::FROM_NAME => "user name equal, but made from the name",
        USERNAME => three(
            found,
            [
                "user name equal",
                "user name fits the other user name or address",
                "user name differs",
            ],
        ),
        PHONE => three(
            found,
            [
                "phone number equal",
                "phone number nearly equal",
                "phone number differs",
            ],
        ),
        EXTENSION => three(
            found,
            ["extension equal", "extension close", "extension differs"],
        ),
        ID if found == key_level::HANDED_ON => {
            "external id equal, but another human: the seat may have been handed on"
        }
        ID => three(
            found,
            [
                "external id equal",
                "external id nearly equal",
                "external id differs",
            ],
        ),
        BIRTH => birth_words(found),
        POSTCODE => three(
            found,
            ["postcode equal", "postcode close", "postcode differs"],
        ),
        _ => account_words(found, rarity),
    }
}

fn three(found: u8, words: [&'static str; 3]) -> &'static str {
    match found {
        level::SAME => words[0],
        level::CLOSE => words[1],
        _ => words[2],
    }
}

fn account_words(found: u8, rarity: f32) -> &'static str {
    match found {
        status_level::SUPERSEDED => {
            "deactivated, while an active record of the same human seems to exist"
        }
        _ if rarity < -6.0 => "shared or service account",
        status_level::DIFFERENT => "deactivated on one side only",
        _ => "active or deactivated on both sides",
    }
}

fn given_words(found: u8, rarity: f32) -> &'static str {
    match found {
        name_level::SAME if rarity >= RARE => "given name equal and rare",
        name_level::SAME if rarity < COMMON => "given name equal but common",
        name_level::SAME => "given name equal",
        name_level::VARIANT => "given name in another spelling",
        name_level::SHORT => "given name in a short form",
        name_level::PART => "given name partly the same",
        name_level::SIMILAR => "given name nearly the same, perhaps mistyped",
        name_level::INITIAL => "given name's initial fits",
        _ => "given name differs",
    }
}

fn family_words(found: u8, rarity: f32) -> &'static str {
    match found {
        name_level::SAME if rarity >= RARE => "family name equal and rare",
        name_level::SAME if rarity < COMMON => "family name equal but common",
        name_level::SAME => "family name equal",
        name_level::VARIANT => "family name in another spelling",
        name_level::SHORT => "family name in a shorter form",
        name_level::PART => "family name partly the same",
        name_level::SIMILAR => "family name nearly the same, perhaps mistyped",
        name_level::INITIAL => "family name's initial fits",
        _ => "family name differs",
    }
}

fn email_words(found: u8) -> &'static str {
    match found {
        email_level::SAME => "e-mail equal after folding case, tags and dots",
        email_level::LOCAL => "e-mail equal before the @",
        email_level::LOCAL_FROM_NAME => "e-mail equal before the @, but made from the name",
        email_level::SIMILAR => "e-mail nearly equal, perhaps mistyped",
        email_level::SIMILAR_FROM_NAME => "e-mail made from the name, perhaps mistyped",
        email_level::PRIVATE => "one e-mail is a private address",
        email_level::PATTERN => "e-mails made from the name in different ways",
        email_level::OWN_NAMES => "e-mails of one domain, each made from its own name",
        email_level::NUMBER => "e-mails differ by a number, as namesakes' do",
        _ => "e-mail differs",
    }
}

fn domain_words(found: u8) -> &'static str {
    match found {
        domain_level::SAME => "same e-mail domain",
        domain_level::SIMILAR => "e-mail domain nearly the same",
        domain_level::PAIRED => "e-mail domains that belong together in this data",
        domain_level::PUBLIC => "e-mail at a public provider",
        _ => "e-mail domain differs",
    }
}

fn birth_words(found: u8) -> &'static str {
    match found {
        level::SAME => "date of birth equal",
        level::CLOSE => "date of birth differs in one part",
        level::SAME_YEAR => "year of birth equal",
        level::NEAR_YEAR => "year of birth close",
        _ => "date of birth differs",
    }
}
