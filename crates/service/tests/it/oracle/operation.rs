//! What may happen, and sequences of it. Whom an operation is about is a number that is taken
//! from those who are there, so that every part of a sequence is a sequence.

use counterpart_model::{CrmUserProfile, CrmUserState};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};

use super::crm::Weather;

/// One of the two connections.
pub(super) type Place = usize;
/// Somebody, or a CRM user; more of the latter than any CRM has.
pub(super) type Number = usize;

/// An instant.
#[derive(Debug, Clone, Copy)]
pub(super) enum When {
    Now,
    /// So many days from the beginning of the sequence.
    Day(i64),
    /// The end of some mapping, or its beginning.
    Boundary(usize),
}

/// What is wanted for a person in a connection.
#[derive(Debug, Clone)]
pub(super) enum Wish {
    Map(Number),
    Unmap,
    NoAccount { reason: u8, days: Option<i64> },
    HasAccount,
    Reject(Number),
}

/// A mapping that a file wants.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) person: Number,
    pub(super) user: Number,
    pub(super) period: (Option<When>, Option<When>),
}

/// A decision that a file wants: of a kind, until a day.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) kind: u8,
    pub(super) person: Number,
    pub(super) user: Number,
    pub(super) days: Option<i64>,
}

/// What becomes of the mappings of somebody who leaves.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leaving {
    Now,
    Keep,
}

/// A change that is made inside a CRM.
#[derive(Debug, Clone, Copy)]
pub(super) enum Edit {
    /// Called and addressed like the person of a number.
    Become(Number),
    Name(u8),
    Email(u8),
    SwapEmails(Number),
    Deactivate,
    Activate,
    Delete,
    /// A new one with the name and address of the person of a number.
    Recruit(Number),
}

#[derive(Debug, Clone)]
pub(super) enum Operation {
    Map(Place, Row),
    Wish(Place, Number, Wish),
    Draft(Place, Number, Wish),
    SaveDraft {
        clear_only: bool,
    },
    AcceptCertain(Option<Place>),
    NotAPerson(Place, Number),
    Share(Place, Number),
    Withdraw(Number),
    HandOver {
        place: Place,
        user: Number,
        person: Number,
        from: When,
        instead_of: Option<Number>,
    },
    ImportPairs(Place, Vec<(Number, Number)>),
    ImportFile {
        place: Place,
        partial: bool,
        rows: Vec<Row>,
        verdicts: Option<Vec<Verdict>>,
    },
    /// Keeps an export.
    Export,
    /// Imports a kept export.
    ImportExport(Number),
    Leave(Number, Leaving),
    Return(Number),
    Hire,
    Retitle(Number, u8),
    /// Undoes the change set that was so many before the last.
    Undo {
        back: usize,
        rest: bool,
    },
    Sync {
        place: Place,
        quick: bool,
        weather: Weather,
    },
    /// Many users go at once, by the list.
    Exodus(Place, usize),
    Allow(Place),
    RejectRun(Place),
    InCrm(Place, Number, Edit),
    /// In seconds.
    Wait(i64),
}

impl Edit {
    /// What it makes of what the CRM says of the user.
    pub(super) fn make(self, profile: &mut CrmUserProfile) {
        match self {
            Self::Become(number) => *profile = super::game::profile_like(number),
            Self::Name(number) => {
                let other = super::game::profile_like(usize::from(number));
                profile.display_name = other.display_name;
                profile.given_name = other.given_name;
                profile.family_name = other.family_name;
            }
            Self::Email(number) => profile.emails = vec![format!("crm{number}@northwind.example")],
            Self::Deactivate => profile.state = CrmUserState::Inactive,
            Self::Activate => profile.state = CrmUserState::Active,
            Self::SwapEmails(_) | Self::Delete | Self::Recruit(_) => {}
        }
    }
}

impl Operation {
    /// Its name, to count by.
    pub(super) fn name(&self) -> String {
        let shown = format!("{self:?}");
        let end = shown.find(|c: char| !c.is_alphanumeric());
        shown[..end.unwrap_or(shown.len())].to_owned()
    }
}

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

fn place() -> impl Strategy<Value = Place> {
    0..2_usize
}

fn person() -> impl Strategy<Value = Number> {
    0..8_usize
}

/// Mostly the first, so that several want the same.
fn user() -> impl Strategy<Value = Number> {
    prop_oneof![3 => 0..6_usize, 1 => 0..14_usize]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        2 => Just(When::Now),
        3 => (-40..40_i64).prop_map(When::Day),
        3 => (0..12_usize).prop_map(When::Boundary),
    ]
}

fn days() -> impl Strategy<Value = Option<i64>> {
    option::weighted(0.5, -5..40_i64)
}

fn wish() -> BoxedStrategy<Wish> {
    prop_oneof![
        6 => user().prop_map(Wish::Map),
        3 => Just(Wish::Unmap),
        2 => (0..2_u8, days()).prop_map(|(reason, days)| Wish::NoAccount { reason, days }),
        1 => Just(Wish::HasAccount),
        2 => user().prop_map(Wish::Reject),
    ]
    .boxed()
}

fn row() -> impl Strategy<Value = Row> {
    let end = || option::weighted(0.4, when());
    (person(), user(), (end(), end())).prop_map(|(person, user, period)| Row {
        person,
        user,
        period,
    })
}

fn verdict() -> impl Strategy<Value = Verdict> {
    (0..4_u8, person(), user(), days()).prop_map(|(kind, person, user, days)| Verdict {
        kind,
        person,
        user,
        days,
    })
}

fn weather() -> impl Strategy<Value = Weather> {
    prop_oneof![
        8 => Just(Weather::Fine),
        1 => Just(Weather::Nobody),
        1 => Just(Weather::Half),
        1 => Just(Weather::Short),
        1 => Just(Weather::Unreadable),
        2 => Just(Weather::BreaksOff),
        1 => Just(Weather::Refuses),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        2 => person().prop_map(Edit::Become),
        2 => (0..6_u8).prop_map(Edit::Name),
        2 => (0..6_u8).prop_map(Edit::Email),
        2 => user().prop_map(Edit::SwapEmails),
        2 => Just(Edit::Deactivate),
        1 => Just(Edit::Activate),
        3 => Just(Edit::Delete),
        2 => person().prop_map(Edit::Recruit),
    ]
}

/// By hand, one or many at once.
fn edits() -> BoxedStrategy<Operation> {
    prop_oneof![
        4 => (place(), row()).prop_map(|(place, row)| Operation::Map(place, row)),
        6 => (place(), person(), wish())
            .prop_map(|(place, person, wish)| Operation::Wish(place, person, wish)),
        6 => (place(), person(), wish())
            .prop_map(|(place, person, wish)| Operation::Draft(place, person, wish)),
        5 => any::<bool>().prop_map(|clear_only| Operation::SaveDraft { clear_only }),
        4 => option::of(place()).prop_map(Operation::AcceptCertain),
        2 => (place(), user()).prop_map(|(place, user)| Operation::NotAPerson(place, user)),
        3 => (place(), user()).prop_map(|(place, user)| Operation::Share(place, user)),
        3 => (0..20_usize).prop_map(Operation::Withdraw),
        5 => (place(), user(), person(), when(), option::weighted(0.3, person())).prop_map(
            |(place, user, person, from, instead_of)| Operation::HandOver {
                place,
                user,
                person,
                from,
                instead_of,
            }
        ),
    ]
    .boxed()
}

fn files() -> BoxedStrategy<Operation> {
    let pairs = vec((person(), user()), 1..4);
    let file = (
        place(),
        any::<bool>(),
        vec(row(), 0..4),
        option::of(vec(verdict(), 0..3)),
    );
    prop_oneof![
        3 => (place(), pairs).prop_map(|(place, pairs)| Operation::ImportPairs(place, pairs)),
        3 => file.prop_map(|(place, partial, rows, verdicts)| Operation::ImportFile {
            place,
            partial,
            rows,
            verdicts,
        }),
        1 => Just(Operation::Export),
        1 => (0..4_usize).prop_map(Operation::ImportExport),
    ]
    .boxed()
}

fn staff() -> BoxedStrategy<Operation> {
    let leaving = prop_oneof![2 => Just(Leaving::Now), 1 => Just(Leaving::Keep)];
    prop_oneof![
        3 => (person(), leaving).prop_map(|(who, leaving)| Operation::Leave(who, leaving)),
        2 => person().prop_map(Operation::Return),
        1 => Just(Operation::Hire),
        2 => (person(), 0..3_u8).prop_map(|(who, title)| Operation::Retitle(who, title)),
    ]
    .boxed()
}

fn crm() -> BoxedStrategy<Operation> {
    prop_oneof![
        6 => (place(), any::<bool>(), weather())
            .prop_map(|(place, quick, weather)| Operation::Sync { place, quick, weather }),
        2 => (place(), 5..14_usize).prop_map(|(place, many)| Operation::Exodus(place, many)),
        3 => place().prop_map(Operation::Allow),
        1 => place().prop_map(Operation::RejectRun),
        8 => (place(), user(), edit())
            .prop_map(|(place, user, edit)| Operation::InCrm(place, user, edit)),
    ]
    .boxed()
}

fn operation() -> BoxedStrategy<Operation> {
    let wait = prop_oneof![
        3 => 1..HOUR,
        3 => HOUR..2 * DAY,
        2 => 2 * DAY..20 * DAY,
    ];
    let undo = (
        prop_oneof![3 => 0..3_usize, 2 => 0..30_usize],
        any::<bool>(),
    );
    prop_oneof![
        8 => edits(),
        3 => files(),
        2 => staff(),
        4 => undo.prop_map(|(back, rest)| Operation::Undo { back, rest }),
        5 => crm(),
        1 => wait.prop_map(Operation::Wait),
    ]
    .boxed()
}

/// Sequences of `length` operations on average.
pub(super) fn sequences(length: usize) -> impl Strategy<Value = Vec<Operation>> {
    vec(operation(), 1..2 * length)
}
