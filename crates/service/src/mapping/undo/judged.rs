//! Lines with what becomes of each of them, told in names.

use std::collections::HashMap;

use counterpart_model::{
    ChangeLine, Cursor, Page, PageRequest, PersonId, Subject, Thing, Timestamp,
};

use super::plan::{Clash, Fate, plan};
use super::words::{Purpose, Words};
use super::{UndoConflict, UndoConflictCause, UndoLine, UndoOutcome, first_of};
use crate::error::FieldError;
use crate::mapping::{ChangeSetView, Unnamed};
use crate::{Actor, Result, Service};

/// How many conflicts an error names one by one.
const NAMED: usize = 20;

/// Lines that are to be reversed, with the fate of each by its place.
pub(in crate::mapping) struct Judged {
    pub(in crate::mapping) lines: Vec<ChangeLine>,
    fates: Vec<Fate>,
    purpose: Purpose,
}

impl Judged {
    /// Lines that were to be applied once; nothing is compared.
    pub(in crate::mapping) fn of_the_past(wanted: Vec<ChangeLine>) -> Self {
        Self {
            fates: wanted.iter().cloned().map(Fate::Undone).collect(),
            lines: wanted.into_iter().map(ChangeLine::reversed).collect(),
            purpose: Purpose::Apply,
        }
    }

    fn count(&self, what: fn(&Fate) -> bool) -> u64 {
        self.fates.iter().filter(|fate| what(fate)).count() as u64
    }

    /// How many lines something is in the way of.
    pub(in crate::mapping) fn conflicts(&self) -> u64 {
        self.count(|fate| matches!(fate, Fate::Clash(_)))
    }

    /// How many lines would be reversed.
    pub(in crate::mapping) fn possible(&self) -> u64 {
        self.count(|fate| matches!(fate, Fate::Undone(_)))
    }

    /// How many lines need no reversing.
    pub(in crate::mapping) fn already(&self) -> u64 {
        self.count(|fate| matches!(fate, Fate::Already))
    }

    /// The lines that reverse what can be reversed.
    pub(in crate::mapping) fn reversing(&self) -> Vec<ChangeLine> {
        let undone = self.fates.iter().filter_map(|fate| match fate {
            Fate::Undone(line) => Some(line.clone()),
            Fate::Already | Fate::Clash(_) => None,
        });
        undone.collect()
    }
}

impl Service {
    /// What becomes of a change set's lines when it is undone now.
    pub(super) async fn judge_undo(
        &self,
        actor: &Actor,
        number: u64,
        lines: Vec<ChangeLine>,
    ) -> Result<Judged> {
        let organization = actor.organization();
        let facts = self.facts(organization, Some(number), &lines).await?;
        Ok(Judged {
            fates: plan(&lines, &facts),
            lines,
            purpose: Purpose::Undo,
        })
    }

    /// What becomes of lines that were wanted at `since` when they are applied now. To apply is
    /// to undo what would undo it; a decision that was made since and forbids a mapping is in its
    /// way too.
    pub(in crate::mapping) async fn judge_applying(
        &self,
        actor: &Actor,
        wanted: Vec<ChangeLine>,
        since: Timestamp,
    ) -> Result<Judged> {
        let lines: Vec<ChangeLine> = wanted.into_iter().map(ChangeLine::reversed).collect();
        let organization = actor.organization();
        let mut facts = self.facts(organization, None, &lines).await?;
        self.add_decided_since(organization, &lines, since, &mut facts)
            .await?;
        Ok(Judged {
            fates: plan(&lines, &facts),
            lines,
            purpose: Purpose::Apply,
        })
    }

    /// A page of the lines, in their order.
    pub(in crate::mapping) async fn told_page(
        &self,
        actor: &Actor,
        judged: &Judged,
        page: &PageRequest,
    ) -> Result<Page<UndoLine>> {
        let first = first_of(page)?;
        let size = usize::try_from(page.limit()).unwrap_or(usize::MAX);
        let places: Vec<usize> = (0..judged.lines.len()).skip(first).take(size).collect();
        let behind = first.saturating_add(places.len());
        let next = (behind < judged.lines.len()).then(|| Cursor(behind.to_string()));
        Ok(Page {
            items: self.told(actor, judged, &places).await?,
            next,
        })
    }

    /// The first lines that something is in the way of, as fields of an error.
    pub(in crate::mapping) async fn conflicts_as_fields(
        &self,
        actor: &Actor,
        judged: &Judged,
    ) -> Result<Vec<FieldError>> {
        let named = self.told_conflicts(actor, judged, NAMED).await?;
        let fields = named.into_iter().filter_map(|line| match line.outcome {
            UndoOutcome::Conflict(conflict) => Some(FieldError {
                field: format!("lines[{}]", line.ordinal),
                message: conflict.detail,
            }),
            UndoOutcome::Undone | UndoOutcome::Already => None,
        });
        Ok(fields.collect())
    }

    /// The first lines that something is in the way of.
    pub(in crate::mapping) async fn told_conflicts(
        &self,
        actor: &Actor,
        judged: &Judged,
        most: usize,
    ) -> Result<Vec<UndoLine>> {
        let clashes = judged.fates.iter().enumerate();
        let places: Vec<usize> = clashes
            .filter(|(_, fate)| matches!(fate, Fate::Clash(_)))
            .map(|(at, _)| at)
            .take(most)
            .collect();
        self.told(actor, judged, &places).await
    }

    /// Some lines with names for what is in their way.
    async fn told(
        &self,
        actor: &Actor,
        judged: &Judged,
        places: &[usize],
    ) -> Result<Vec<UndoLine>> {
        let mut unnamed = Unnamed::default();
        let mut culprits = HashMap::new();
        for at in places {
            unnamed.add_lines(std::slice::from_ref(&judged.lines[*at]));
            if let Fate::Clash(clash) = &judged.fates[*at] {
                unnamed.add_things(clash.standing());
                unnamed.people.extend(clash.person());
                if let Some(culprit) = culprit(clash, &judged.lines[*at]) {
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
            purpose: judged.purpose,
            names: self.names(actor, &unnamed).await?,
            members,
        };
        Ok(places
            .iter()
            .map(|at| told_line(judged, *at, &words, makers.get(at)))
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
                views.insert(*number, self.with_maker(actor, change_set).await?);
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
    judged: &Judged,
    at: usize,
    words: &Words,
    changed_by: Option<&ChangeSetView>,
) -> UndoLine {
    let made = &judged.lines[at];
    let (line, outcome) = match &judged.fates[at] {
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
