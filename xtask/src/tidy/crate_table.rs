//! The table of crates: the one place that says who may use whom.
//!
//! An arrow points from a crate to one of a lower level and nowhere else; the exceptions below
//! take more away. Adding a crate means adding a row.

/// Where a crate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// May use lower levels, may be used by higher ones.
    Level(u8),
    /// The binary: may use everything, is used by nothing.
    Binary,
    /// Stand-ins for other systems: may use pure crates, may be used by the binary and by tests.
    Emulators,
    /// Where the kit meets the emulators: may use both and what they use, may be used by the
    /// binary and by tests.
    Meeting,
    /// What tests share: may use lower crates, may be used by tests alone.
    ForTests,
    /// This tool: may use everything, is used by nothing.
    Chores,
}

/// A crate that another may not use although its level would allow it.
#[derive(Debug)]
pub(super) struct Ban {
    pub(super) target: &'static str,
    pub(super) reason: &'static str,
    /// Whether tests of the crate are bound by it too.
    pub(super) in_tests: bool,
}

/// One row of the table.
#[derive(Debug)]
pub(super) struct CrateRow {
    /// Without the prefix `counterpart-`.
    pub(super) name: &'static str,
    pub(super) standing: Standing,
    pub(super) may_not_use: &'static [Ban],
}

/// The highest level whose crates do no I/O and never wait.
pub(super) const HIGHEST_PURE_LEVEL: u8 = 1;

/// The highest level that may meet the emulators: that of the kit.
const MEETING_LEVEL: u8 = 3;

const NO_STORE: Ban = Ban {
    target: "store",
    reason: "what talks to other systems must not be able to open a transaction around the call",
    in_tests: false,
};

const INDEPENDENT: &str = "an emulator written from the connector would agree with its mistakes";

const fn independent_of(target: &'static str) -> Ban {
    Ban {
        target,
        reason: INDEPENDENT,
        in_tests: true,
    }
}

const BEHIND_TRAITS: &str = "use cases see `dyn Store` and `dyn Connector`; the binary wires them";

const fn behind_traits(target: &'static str) -> Ban {
    Ban {
        target,
        reason: BEHIND_TRAITS,
        in_tests: false,
    }
}

const THROUGH_SERVICE: &str = "an edge asks `service`; SQL and connectors are not its business";

const fn through_service(target: &'static str) -> Ban {
    Ban {
        target,
        reason: THROUGH_SERVICE,
        in_tests: false,
    }
}

/// What neither edge may use.
const EDGE_BANS: &[Ban] = &[
    through_service("store-sqlite"),
    through_service("store-postgres"),
    through_service("connectors"),
];

const fn row(name: &'static str, level: u8, may_not_use: &'static [Ban]) -> CrateRow {
    CrateRow {
        name,
        standing: Standing::Level(level),
        may_not_use,
    }
}

pub(super) const CRATES: &[CrateRow] = &[
    row("model", 0, &[]),
    row("matching", 1, &[]),
    row("scim", 1, &[]),
    row("signing", 1, &[]),
    row("manifest", 1, &[]),
    row("tabular", 1, &[]),
    row("store", 2, &[]),
    row("outbound", 2, &[NO_STORE]),
    row("store-sqlite", 3, &[]),
    row("store-postgres", 3, &[]),
    row("connector", 3, &[NO_STORE]),
    row("connectors", 4, &[NO_STORE]),
    row(
        "service",
        5,
        &[
            behind_traits("store-sqlite"),
            behind_traits("store-postgres"),
            behind_traits("connectors"),
        ],
    ),
    row("api", 6, EDGE_BANS),
    row("web", 6, EDGE_BANS),
    CrateRow {
        name: "app",
        standing: Standing::Binary,
        may_not_use: &[],
    },
    CrateRow {
        name: "emulators",
        standing: Standing::Emulators,
        may_not_use: &[
            independent_of("manifest"),
            independent_of("connector"),
            independent_of("connectors"),
        ],
    },
    CrateRow {
        name: "conformance",
        standing: Standing::Meeting,
        may_not_use: &[NO_STORE],
    },
    CrateRow {
        name: "test-postgres",
        standing: Standing::ForTests,
        may_not_use: &[],
    },
    CrateRow {
        name: "xtask",
        standing: Standing::Chores,
        may_not_use: &[],
    },
];

pub(super) fn find_crate(name: &str) -> Option<&'static CrateRow> {
    CRATES.iter().find(|row| row.name == name)
}

/// Whether a crate is pure: no I/O, no waiting.
pub(super) fn is_pure(row: &CrateRow) -> bool {
    matches!(row.standing, Standing::Level(level) if level <= HIGHEST_PURE_LEVEL)
}

/// Whether the standing of two crates allows an arrow between them.
pub(super) fn allows(from: Standing, to: Standing) -> bool {
    match (from, to) {
        (Standing::Level(from), Standing::Level(to)) => to < from,
        (Standing::Emulators, Standing::Level(level)) => level <= HIGHEST_PURE_LEVEL,
        (Standing::Binary, Standing::Level(_) | Standing::Emulators | Standing::Meeting)
        | (Standing::Meeting, Standing::Level(..=MEETING_LEVEL) | Standing::Emulators)
        | (Standing::ForTests, Standing::Level(_))
        | (Standing::Chores, Standing::Level(_) | Standing::Emulators | Standing::Binary) => true,
        _ => false,
    }
}
