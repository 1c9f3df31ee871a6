//! Operations, in small numbers: things are named by their place among those that there are, so
//! that any number names something.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any as anything, prop_oneof};

/// The place of a thing among those that there are, counted around.
pub(super) type Place = u8;

/// What is done.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    /// Apply a change set.
    Apply(Vec<Line>),
    /// Replace proposals: of all people, or of those of the proposals. A proposal is a person, a
    /// CRM user and whether it is ambiguous (0), certain (1) or neither.
    Propose {
        connection: Place,
        some: bool,
        proposals: Vec<(Place, Place, u8)>,
    },
    /// Begin a run, or go on with one, and pull it to its end.
    Run(Run),
    /// Decide about the run that is held.
    Resolve { connection: Place, apply: bool },
    /// Derive situations.
    Refresh {
        connection: Option<Place>,
        people: Option<Vec<Place>>,
    },
    /// Let minutes pass.
    Wait(u8),
    /// Keep an edit.
    Draft {
        connection: Place,
        person: Place,
        edit: u8,
    },
    /// Drop an edit, or all of them.
    DropDrafts(Option<(Place, Place)>),
    /// Save a connection with another name, side and cardinality.
    Connect {
        connection: Place,
        name: u8,
        side: u8,
    },
}

/// A line of a change set.
#[derive(Debug, Clone)]
pub(super) enum Line {
    AddPerson {
        name: u8,
        external_id: u8,
        active: bool,
    },
    EditPerson {
        person: Place,
        name: u8,
        external_id: u8,
        active: bool,
    },
    /// With everything that points at them, or alone.
    RemovePerson {
        person: Place,
        alone: bool,
    },
    AddIdentity {
        person: Place,
        connection: Place,
        kind: u8,
        value: u8,
        period: u8,
    },
    RemoveIdentity(Place),
    AddMapping {
        connection: Place,
        person: Place,
        user: Place,
        period: u8,
        shared: u8,
    },
    MoveMapping {
        mapping: Place,
        user: Place,
        period: u8,
    },
    /// As it stands, or as it stood in another version.
    RemoveMapping {
        mapping: Place,
        stale: bool,
    },
    AddDecision {
        connection: Place,
        kind: u8,
        person: Place,
        user: Place,
        period: u8,
    },
    RemoveDecision(Place),
}

/// A run.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) connection: Place,
    pub(super) full: bool,
    /// Pages of users: who, called what, in which state, of which kind.
    pub(super) pages: Vec<Vec<(Place, u8, u8, u8)>>,
    /// How many records of the last page cannot be read.
    pub(super) failed: u8,
    pub(super) expected: Option<u8>,
    /// Users read by their id behind the last page.
    pub(super) looked_up: Vec<(Place, u8, u8, u8)>,
    /// Whether who does not come is only missing at first.
    pub(super) grace: bool,
    pub(super) end: End,
}

/// How a run ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    Apply,
    Hold,
    Fail,
    /// Its worker dies behind the first page.
    Die,
}

/// Any operation.
pub(super) fn any() -> impl Strategy<Value = Operation> {
    prop_oneof![
        8 => vec(line(), 1..=5).prop_map(Operation::Apply),
        2 => (anything::<Place>(), anything::<bool>(), vec((0..8_u8, 0..8_u8, 0..3_u8), 0..=5))
            .prop_map(|(connection, some, proposals)| Operation::Propose {
                connection,
                some,
                proposals,
            }),
        4 => run().prop_map(Operation::Run),
        1 => (anything::<Place>(), anything::<bool>())
            .prop_map(|(connection, apply)| Operation::Resolve { connection, apply }),
        4 => refresh(),
        1 => (0..40_u8).prop_map(Operation::Wait),
        2 => (anything::<Place>(), 0..8_u8, 0..5_u8)
            .prop_map(|(connection, person, edit)| Operation::Draft {
                connection,
                person,
                edit,
            }),
        1 => option::of((anything::<Place>(), 0..8_u8)).prop_map(Operation::DropDrafts),
        1 => (anything::<Place>(), 0..4_u8, 0..9_u8)
            .prop_map(|(connection, name, side)| Operation::Connect {
                connection,
                name,
                side,
            }),
    ]
}

fn refresh() -> impl Strategy<Value = Operation> {
    let connection = option::weighted(0.3, anything::<Place>());
    let people = option::weighted(0.3, vec(0..8_u8, 0..=4));
    (connection, people).prop_map(|(connection, people)| Operation::Refresh { connection, people })
}

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        4 => (0..9_u8, 0..9_u8, anything::<bool>()).prop_map(|(name, external_id, active)| {
            Line::AddPerson { name, external_id, active }
        }),
        2 => (0..8_u8, 0..9_u8, 0..9_u8, anything::<bool>()).prop_map(
            |(person, name, external_id, active)| Line::EditPerson {
                person,
                name,
                external_id,
                active,
            }
        ),
        1 => (0..8_u8, anything::<bool>())
            .prop_map(|(person, alone)| Line::RemovePerson { person, alone }),
        2 => (0..8_u8, anything::<Place>(), 0..5_u8, 0..4_u8, 0..6_u8).prop_map(
            |(person, connection, kind, value, period)| Line::AddIdentity {
                person,
                connection,
                kind,
                value,
                period,
            }
        ),
        1 => anything::<Place>().prop_map(Line::RemoveIdentity),
        5 => (anything::<Place>(), 0..8_u8, 0..8_u8, 0..6_u8, 0..8_u8).prop_map(
            |(connection, person, user, period, shared)| Line::AddMapping {
                connection,
                person,
                user,
                period,
                shared,
            }
        ),
        2 => (anything::<Place>(), 0..8_u8, 0..6_u8)
            .prop_map(|(mapping, user, period)| Line::MoveMapping { mapping, user, period }),
        2 => (anything::<Place>(), Just(false))
            .prop_map(|(mapping, stale)| Line::RemoveMapping { mapping, stale }),
        1 => (anything::<Place>(), anything::<bool>())
            .prop_map(|(mapping, stale)| Line::RemoveMapping { mapping, stale }),
        3 => (anything::<Place>(), 0..4_u8, 0..8_u8, 0..8_u8, 0..6_u8).prop_map(
            |(connection, kind, person, user, period)| Line::AddDecision {
                connection,
                kind,
                person,
                user,
                period,
            }
        ),
        1 => anything::<Place>().prop_map(Line::RemoveDecision),
    ]
}

fn run() -> impl Strategy<Value = Run> {
    let user = (0..8_u8, 0..9_u8, 0..8_u8, 0..8_u8);
    let end = prop_oneof![
        5 => Just(End::Apply),
        1 => Just(End::Hold),
        1 => Just(End::Fail),
        1 => Just(End::Die),
    ];
    (
        anything::<Place>(),
        proptest::bool::weighted(0.7),
        vec(vec(user.clone(), 0..=6), 1..=3),
        proptest::bool::weighted(0.1),
        option::weighted(0.2, 0..8_u8),
        (vec(user, 0..=2), anything::<bool>()),
        end,
    )
        .prop_map(
            |(connection, full, pages, failed, expected, (looked_up, grace), end)| Run {
                connection,
                full,
                pages,
                failed: failed.into(),
                expected,
                looked_up,
                grace,
                end,
            },
        )
}
