//! Whether an account whose name or address changed is still the same human being's.
//!
//! What stayed is weighed against what changed. The weights are whole numbers by plain sense:
//! an employee's number alone says more than both names, a given name stays when people marry, a
//! mailbox of one's own is rarely handed on, and what the platform says now decides most.

use counterpart_matching::Address;
use counterpart_model::folding::fold;

use super::naming::{Name, Namer};

/// One side of a pair, then or now.
#[derive(Debug, Clone, Default)]
pub(super) struct Look<'a> {
    pub(super) name: Name<'a>,
    pub(super) mailboxes: Vec<Address>,
    pub(super) username: Option<&'a str>,
    pub(super) employee_number: Option<&'a str>,
    pub(super) extension: Option<&'a str>,
}

/// What became of a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing that matters.
    None,
    /// Another address, the same name.
    Address,
    /// Another name, the same human being; what says so.
    Name(Vec<&'static str>),
    /// Another human being.
    Human,
}

/// What is weighed beside the side itself.
pub(super) struct Beside<'a> {
    pub(super) namer: Namer<'a>,
    /// How the other side of the pair looks now.
    pub(super) counterpart: &'a Look<'a>,
    /// Whether an address that is new is another person's.
    pub(super) is_anothers: bool,
    /// Whether everybody's addresses moved from one domain to another.
    pub(super) moved: &'a dyn Fn(&str, &str) -> bool,
}

/// How the address changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mail {
    /// One of the two sides tells none.
    Untold,
    /// One of them is still there.
    Kept,
    /// The part before the `@` is still there.
    LocalKept,
    Changed,
}

/// What became of a side between `then` and `now`.
pub(super) fn change(then: &Look<'_>, now: &Look<'_>, beside: &Beside<'_>) -> Change {
    let namer = beside.namer;
    let mail = mail(then, now, beside.moved);
    let agrees = agrees(now, beside);
    if namer.same(&then.name, &now.name) {
        return match mail {
            Mail::Untold | Mail::Kept => Change::None,
            _ if has_one_of(&now.mailboxes, &beside.counterpart.mailboxes) => Change::None,
            _ if namesake(then, now) => Change::Human,
            _ => Change::Address,
        };
    }
    let given_stayed = namer.same_given(&then.name, &now.name);
    let mut same = Vec::new();
    let mut score = weigh_names(then, now, namer, given_stayed, &mut same);
    score += weigh_mail(then, mail, &mut same);
    score += weigh_numbers(then, now, &mut same);
    if beside.is_anothers {
        score -= 4;
    }
    // Whoever keeps something of their own is who they were; both sides' word then settles it.
    let stayed = score > 0 || (score == 0 && given_stayed);
    match (stayed, agrees) {
        (true, true) => Change::None,
        (true, false) => Change::Name(same),
        (false, true) => Change::Name(vec!["what the platform says"]),
        (false, false) => Change::Human,
    }
}

/// Whether the other side has the same name now, and nothing speaks for somebody else.
fn agrees(now: &Look<'_>, beside: &Beside<'_>) -> bool {
    !beside.is_anothers
        && !now.name.full().is_empty()
        && !beside.counterpart.name.full().is_empty()
        && beside.namer.same(&now.name, &beside.counterpart.name)
}

fn weigh_names(
    then: &Look<'_>,
    now: &Look<'_>,
    namer: Namer<'_>,
    given_stayed: bool,
    same: &mut Vec<&'static str>,
) -> i32 {
    let mut score = -3;
    if given_stayed {
        same.push("the given name");
        score += 4;
    }
    if namer.same_family(&then.name, &now.name) {
        same.push("the family name");
        score += 2;
    }
    score
}

fn weigh_mail(then: &Look<'_>, mail: Mail, same: &mut Vec<&'static str>) -> i32 {
    match mail {
        Mail::Untold => return 0,
        Mail::Changed => return -1,
        Mail::Kept | Mail::LocalKept => {}
    }
    // A seat's mailbox is handed on with the seat.
    if then.mailboxes.iter().all(Address::is_of_a_function) {
        return 0;
    }
    same.push(match mail {
        Mail::Kept => "the address",
        _ => "the address before its domain",
    });
    3
}

fn weigh_numbers(then: &Look<'_>, now: &Look<'_>, same: &mut Vec<&'static str>) -> i32 {
    let mut score = match equal(then.employee_number, now.employee_number) {
        Some(true) => {
            same.push("the employee number");
            5
        }
        Some(false) => -4,
        None => 0,
    };
    if equal(
        local(then.username).as_deref(),
        local(now.username).as_deref(),
    ) == Some(true)
    {
        same.push("the user name");
        score += 2;
    }
    if equal(then.extension, now.extension) == Some(true) {
        // Seats keep their extension: worth naming, worth nothing.
        same.push("the extension");
    }
    score
}

/// Somebody else of the same name: number, address and user name are all others.
fn namesake(then: &Look<'_>, now: &Look<'_>) -> bool {
    equal(then.employee_number, now.employee_number) == Some(false)
        && equal(
            local(then.username).as_deref(),
            local(now.username).as_deref(),
        ) != Some(true)
}

fn mail(then: &Look<'_>, now: &Look<'_>, moved: &dyn Fn(&str, &str) -> bool) -> Mail {
    if then.mailboxes.is_empty() || now.mailboxes.is_empty() {
        return Mail::Untold;
    }
    let pairs = || {
        then.mailboxes
            .iter()
            .flat_map(|before| now.mailboxes.iter().map(move |after| (before, after)))
    };
    let is_kept = |(before, after): (&Address, &Address)| {
        before.local == after.local
            && (before.domain == after.domain || moved(&before.domain, &after.domain))
    };
    if pairs().any(is_kept) {
        Mail::Kept
    } else if pairs().any(|(before, after)| before.local == after.local) {
        Mail::LocalKept
    } else {
        Mail::Changed
    }
}

/// Whether two lists have an address in common that is somebody's own.
pub(super) fn has_one_of(some: &[Address], others: &[Address]) -> bool {
    some.iter()
        .any(|one| !one.is_of_a_function() && others.contains(one))
}

/// Whether both are told and equal.
pub(super) fn equal(one: Option<&str>, other: Option<&str>) -> Option<bool> {
    let told = |text: Option<&str>| text.map(fold).filter(|text| !text.is_empty());
    Some(told(one)? == told(other)?)
}

/// A user name that is somebody's own, without the domain that some CRMs put behind it.
fn local(username: Option<&str>) -> Option<String> {
    let username = username?;
    match Address::read(username) {
        Some(address) if address.is_of_a_function() => None,
        Some(address) => Some(address.local),
        None => Some(fold(username)),
    }
}
