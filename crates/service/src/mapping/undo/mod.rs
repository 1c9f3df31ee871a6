//! Undoing change sets: each as a new change set of the reversed lines, which can be undone as
//! well.
//!
//! What was changed since then is left alone: every line is compared with what stands now. A line
//! whose thing is no longer as the change set left it is a conflict, and so is one whose thing
//! could not come back beside what came later.

mod facts;
mod plan;
mod words;

use std::collections::HashMap;

use counterpart_model::{
    ChangeLine, ChangeSet, Code, Cursor, Page, PageRequest, PersonId, Role, Subject, Thing,
    paging::LARGEST_PAGE,
};

use self::plan::{Clash, Fate, plan};
pub(super) use self::words::Words;
use super::apply::Wanted;
use super::{ChangeSetView, Unnamed};
use crate::error::FieldError;
use crate::{Actor, Error, Result, Service};

/// How many conflicts an error names one by one.
const NAMED: usize = 20;
/// How often an undo is planned anew when somebody else changes something in the same moment.
const ATTEMPTS: usize = 3;

/// How much of a change set is to be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoScope {
    /// All of it, or nothing when something is in the way.
    Everything,
    /// What nothing is in the way of.
    Rest,
}

/// What undoing a change set would do.
#[derive(Debug, Clone)]
pub struct UndoPreview {
    /// The change set.
    pub change_set: ChangeSet,
    /// How many lines would be undone.
    pub undoable: u64,
    /// How many lines stand as they did before the change set already.
    pub already: u64,
    /// How many lines something is in the way of.
    pub conflicts: u64,
    /// The lines, in the change set's order.
    pub lines: Page<UndoLine>,
}

/// One line of a change set that is to be undone.
#[derive(Debug, Clone)]
pub struct UndoLine {
    /// Its place in the change set, from 0.
    pub ordinal: u64,
    /// What stands there now, and what undoing puts there. For a line that needs no undoing: what
    /// the change set left, and what stood there before it.
    pub line: ChangeLine,
    /// What becomes of it.
    pub outcome: UndoOutcome,
}

/// What becomes of a line.
#[derive(Debug, Clone)]
pub enum UndoOutcome {
    /// It is undone.
    Undone,
    /// It stands as it did before the change set already.
    Already,
    /// Something is in the way.
    Conflict(Box<UndoConflict>),
}

/// What is in the way of undoing a line.
#[derive(Debug, Clone)]
pub struct UndoConflict {
    /// Why it cannot be undone.
    pub cause: UndoConflictCause,
    /// What stands in the way; `None` when something is missing.
    pub standing: Option<Thing>,
    /// What happened, in names; lower case, without a full stop.
    pub detail: String,
    /// The change set that put it there, or took it away.
    pub changed_by: Option<ChangeSetView>,
}

/// Why a line cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoConflictCause {
    /// It was changed again.
    Changed,
    /// What would come back cannot stand beside what came later.
    InTheWay,
    /// A person who was added would go, and is used by what came later.
    StillUsed,
    /// What would come back is about a person who is not there any more.
    PersonGone,
    /// It belongs together with a line that cannot be undone.
    Together,
}

impl UndoConflictCause {
    /// Its name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::InTheWay => "in_the_way",
            Self::StillUsed => "still_used",
            Self::PersonGone => "person_gone",
            Self::Together => "together",
        }
    }
}

/// A change set was undone.
#[derive(Debug, Clone)]
pub struct Undone {
    /// The change set that undid it.
    pub change_set: ChangeSet,
    /// How many lines were left because something is in the way.
    pub skipped: u64,
}

/// A change set with the fate of each of its lines.
struct Planned {
    change_set: ChangeSet,
    lines: Vec<ChangeLine>,
    fates: Vec<Fate>,
}

impl Planned {
    fn count(&self, what: fn(&Fate) -> bool) -> u64 {
        self.fates.iter().filter(|fate| what(fate)).count() as u64
    }

    fn conflicts(&self) -> u64 {
        self.count(|fate| matches!(fate, Fate::Clash(_)))
    }

    /// The lines that undo what can be undone.
    fn undoing(&self) -> Vec<ChangeLine> {
        let undone = self.fates.iter().filter_map(|fate| match fate {
            Fate::Undone(line) => Some(line.clone()),
            Fate::Already | Fate::Clash(_) => None,
        });
        undone.collect()
    }
}

impl Service {
    /// What undoing a change set would do now, and a page of its lines.
    pub async fn preview_undo(
        &self,
        actor: &Actor,
        number: u64,
        page: &PageRequest,
    ) -> Result<UndoPreview> {
        let planned = self.plan_undo(actor, number).await?;
        let first = first_of(page)?;
        let size = usize::try_from(page.limit()).unwrap_or(usize::MAX);
        let places: Vec<usize> = (0..planned.lines.len()).skip(first).take(size).collect();
        let behind = first.saturating_add(places.len());
        let next = (behind < planned.lines.len()).then(|| Cursor(behind.to_string()));
        Ok(UndoPreview {
            undoable: planned.count(|fate| matches!(fate, Fate::Undone(_))),
            already: planned.count(|fate| matches!(fate, Fate::Already)),
            conflicts: planned.conflicts(),
            lines: Page {
                items: self.told(actor, &planned, &places).await?,
                next,
            },
            change_set: planned.change_set,
        })
    }

    /// The conflicts of undoing a change set now, at most `most`.
    pub async fn undo_conflicts(
        &self,
        actor: &Actor,
        number: u64,
        most: usize,
    ) -> Result<Vec<UndoLine>> {
        let planned = self.plan_undo(actor, number).await?;
        self.told_conflicts(actor, &planned, most).await
    }

    /// Undoes a change set by a new one. With [`UndoScope::Everything`] it is
    /// [`Code::ChangeSetConflict`] when something is in the way; nothing to undo is
    /// [`Code::ChangeSetEmpty`].
    pub async fn undo(
        &self,
        actor: &Actor,
        number: u64,
        scope: UndoScope,
        reason: Option<String>,
    ) -> Result<Undone> {
        actor.require(Role::Admin)?;
        let mut attempt = 1;
        loop {
            match self.try_undo(actor, number, scope, reason.clone()).await {
                Err(error) if attempt < ATTEMPTS && was_overtaken(&error) => attempt += 1,
                ended => return ended,
            }
        }
    }

    async fn try_undo(
        &self,
        actor: &Actor,
        number: u64,
        scope: UndoScope,
        reason: Option<String>,
    ) -> Result<Undone> {
        let planned = self.plan_undo(actor, number).await?;
        let skipped = planned.conflicts();
        if skipped > 0 && scope == UndoScope::Everything {
            return Err(self.refusal(actor, &planned, skipped).await?);
        }
        let lines = planned.undoing();
        if lines.is_empty() {
            let why = if skipped > 0 {
                "everything in it was changed again since"
            } else {
                "all of it is as it was before already"
            };
            return Err(Error::new(
                Code::ChangeSetEmpty,
                format!("change set {number} has nothing to undo: {why}"),
            ));
        }
        let wanted = Wanted {
            lines,
            reason: reason.or_else(|| Some(usual_reason(&planned.change_set))),
            undoes: Some(number),
            clear_draft: false,
        };
        let change_set = self.apply_wanted(actor, wanted).await?;
        Ok(Undone {
            change_set,
            skipped,
        })
    }

    /// The newest change set that is not undone and undoes none itself.
    pub async fn newest_to_undo(&self, actor: &Actor) -> Result<ChangeSet> {
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_change_sets(actor.organization(), &request)
                .await?;
            let found = page
                .items
                .into_iter()
                .find(|set| set.undone_by.is_none() && set.undoes.is_none());
            match (found, page.next) {
                (Some(found), _) => return Ok(found),
                (None, Some(next)) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                (None, None) => {
                    return Err(Error::new(
                        Code::RequestNotFound,
                        "there is no change set that is not undone",
                    ));
                }
            }
        }
    }

    async fn plan_undo(&self, actor: &Actor, number: u64) -> Result<Planned> {
        let change_set = self.find_change_set(actor, number).await?;
        let lines = self.all_lines(actor.organization(), number).await?;
        let facts = self.facts(actor.organization(), number, &lines).await?;
        let fates = plan(&lines, &facts);
        Ok(Planned {
            change_set,
            lines,
            fates,
        })
    }

    async fn refusal(&self, actor: &Actor, planned: &Planned, conflicts: u64) -> Result<Error> {
        let named = self.told_conflicts(actor, planned, NAMED).await?;
        let fields = named.into_iter().filter_map(|line| match line.outcome {
            UndoOutcome::Conflict(conflict) => Some(FieldError {
                field: format!("lines[{}]", line.ordinal),
                message: conflict.detail,
            }),
            UndoOutcome::Undone | UndoOutcome::Already => None,
        });
        let detail = format!(
            "{conflicts} of the {} lines of change set {} cannot be undone, because of what was \
             changed since",
            planned.lines.len(),
            planned.change_set.number
        );
        Ok(Error::new(Code::ChangeSetConflict, detail).with(fields.collect()))
    }

    async fn told_conflicts(
        &self,
        actor: &Actor,
        planned: &Planned,
        most: usize,
    ) -> Result<Vec<UndoLine>> {
        let clashes = planned.fates.iter().enumerate();
        let places: Vec<usize> = clashes
            .filter(|(_, fate)| matches!(fate, Fate::Clash(_)))
            .map(|(at, _)| at)
            .take(most)
            .collect();
        self.told(actor, planned, &places).await
    }

    /// Some lines with names for what is in their way.
    async fn told(
        &self,
        actor: &Actor,
        planned: &Planned,
        places: &[usize],
    ) -> Result<Vec<UndoLine>> {
        let mut unnamed = Unnamed::default();
        let mut culprits = HashMap::new();
        for at in places {
            unnamed.add_lines(std::slice::from_ref(&planned.lines[*at]));
            if let Fate::Clash(clash) = &planned.fates[*at] {
                unnamed.add_things(clash.standing());
                unnamed.people.extend(clash.person());
                if let Some(culprit) = culprit(clash, &planned.lines[*at]) {
                    culprits.insert(*at, culprit);
                }
            }
        }
        let makers = self.makers(actor, &culprits).await?;
        let members = if unnamed.people.is_empty() {
            HashMap::new()
        } else {
            self.members_by_person(actor.organization()).await?
        };
        let words = Words {
            names: self.names(actor, &unnamed).await?,
            members,
        };
        Ok(places
            .iter()
            .map(|at| told_line(planned, *at, &words, makers.get(at)))
            .collect())
    }

    /// The change sets that last changed what is to blame for clashes, by the places of the lines.
    pub(in crate::mapping) async fn makers(
        &self,
        actor: &Actor,
        culprits: &HashMap<usize, Subject>,
    ) -> Result<HashMap<usize, ChangeSetView>> {
        let subjects: Vec<Subject> = culprits.values().copied().collect();
        if subjects.is_empty() {
            return Ok(HashMap::new());
        }
        let numbers: HashMap<Subject, u64> = self
            .store()
            .last_changed(actor.organization(), &subjects)
            .await?
            .into_iter()
            .collect();
        let mut views: HashMap<u64, ChangeSetView> = HashMap::new();
        for number in numbers.values() {
            if !views.contains_key(number) {
                let change_set = self.find_change_set(actor, *number).await?;
                views.insert(*number, self.with_maker(change_set).await?);
            }
        }
        Ok(culprits
            .iter()
            .filter_map(|(at, subject)| Some((*at, views.get(numbers.get(subject)?)?.clone())))
            .collect())
    }
}

/// The thing whose last change is to blame for a clash.
fn culprit(clash: &Clash, line: &ChangeLine) -> Option<Subject> {
    match clash {
        Clash::Changed(None) => line.subject(),
        Clash::Changed(Some(thing)) | Clash::InTheWay(thing) | Clash::StillUsed(thing) => {
            Some(thing.subject())
        }
        Clash::PersonGone(person) => Some(Subject::Person(*person)),
        Clash::IsMember(_) | Clash::Together(_) => None,
    }
}

impl Clash {
    const fn standing(&self) -> Option<&Thing> {
        match self {
            Self::Changed(standing) => standing.as_ref(),
            Self::InTheWay(standing) | Self::StillUsed(standing) => Some(standing),
            Self::IsMember(_) | Self::PersonGone(_) | Self::Together(_) => None,
        }
    }

    const fn person(&self) -> Option<PersonId> {
        match self {
            Self::IsMember(person) | Self::PersonGone(person) => Some(*person),
            _ => None,
        }
    }

    const fn cause(&self) -> UndoConflictCause {
        match self {
            Self::Changed(_) => UndoConflictCause::Changed,
            Self::InTheWay(_) => UndoConflictCause::InTheWay,
            Self::StillUsed(_) | Self::IsMember(_) => UndoConflictCause::StillUsed,
            Self::PersonGone(_) => UndoConflictCause::PersonGone,
            Self::Together(_) => UndoConflictCause::Together,
        }
    }
}

fn told_line(
    planned: &Planned,
    at: usize,
    words: &Words,
    changed_by: Option<&ChangeSetView>,
) -> UndoLine {
    let made = &planned.lines[at];
    let (line, outcome) = match &planned.fates[at] {
        Fate::Undone(line) => (line.clone(), UndoOutcome::Undone),
        Fate::Already => (made.clone().reversed(), UndoOutcome::Already),
        Fate::Clash(clash) => {
            let conflict = UndoConflict {
                cause: clash.cause(),
                standing: clash.standing().cloned(),
                detail: words.clash(clash, made),
                changed_by: changed_by.cloned(),
            };
            let outcome = UndoOutcome::Conflict(Box::new(conflict));
            (wanted_line(clash, made), outcome)
        }
    };
    UndoLine {
        ordinal: at as u64,
        line,
        outcome,
    }
}

/// What stands where a line that clashes was, and what undoing it would put there.
fn wanted_line(clash: &Clash, made: &ChangeLine) -> ChangeLine {
    let reversed = made.clone().reversed();
    let (_, wanted) = reversed.clone().into_sides();
    let line = match clash {
        Clash::Changed(Some(standing)) if Some(standing.subject()) == made.subject() => {
            ChangeLine::between(Some(standing.clone()), wanted)
        }
        Clash::Changed(None) => ChangeLine::between(None, wanted),
        _ => None,
    };
    line.unwrap_or(reversed)
}

/// Whether somebody else changed something between the plan and its execution.
const fn was_overtaken(error: &Error) -> bool {
    matches!(
        error.code(),
        Code::MappingStale | Code::MappingOverlap | Code::PersonDuplicate | Code::ExtensionTaken
    )
}

fn usual_reason(undone: &ChangeSet) -> String {
    let number = undone.number;
    match undone.undoes {
        Some(again) => format!("change {again} made again"),
        None => format!("change {number} undone"),
    }
}

/// The place of the first line of a page.
fn first_of(page: &PageRequest) -> Result<usize> {
    let Some(after) = &page.after else {
        return Ok(0);
    };
    after.0.parse().map_err(|_| {
        Error::field(
            Code::RequestInvalid,
            "after",
            "not a cursor of this list; begin again without it",
        )
    })
}
