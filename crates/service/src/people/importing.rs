//! Many people at once: what a list would change, and changing it.

use std::collections::{HashMap, HashSet};

use counterpart_model::{ChangeSet, Code, Person, PersonId, Role, folding};

use super::PersonInput;
use crate::error::FieldError;
use crate::{Actor, Error, Result, Service};

/// One row of a list of people.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// The line in the file it comes from, from 1; its number in the list where there is no file.
    pub line: u64,
    /// The person.
    pub input: PersonInput,
}

/// What a list would change. Nothing is changed by making one.
#[derive(Debug, Clone, Default)]
pub struct ImportPlan {
    /// People to add, by line.
    pub add: Vec<ImportRow>,
    /// People to change, with whom.
    pub change: Vec<(Person, ImportRow)>,
    /// How many rows are true already.
    pub same: u64,
    /// What is wrong, by line. A plan with problems cannot be applied.
    pub problems: Vec<(u64, FieldError)>,
}

impl Service {
    /// What a list of people would change. A row is somebody known when its external id is, or
    /// without one its main e-mail address. Fields that a row leaves empty stay as they are;
    /// people who are not in the list are left alone.
    pub async fn plan_import(&self, actor: &Actor, rows: Vec<ImportRow>) -> Result<ImportPlan> {
        actor.require(Role::Admin)?;
        let staff = self.staff(actor.organization()).await?;
        let by_external_id: HashMap<&str, &Person> = staff
            .people
            .iter()
            .filter_map(|person| Some((person.external_id.as_deref()?, person)))
            .collect();
        let by_email: HashMap<String, &Person> = staff
            .people
            .iter()
            .flat_map(|person| {
                person
                    .profile
                    .emails
                    .iter()
                    .filter_map(move |email| Some((folding::fold_email(email)?, person)))
            })
            .collect();
        let mut plan = ImportPlan::default();
        let mut seen: HashSet<PersonId> = HashSet::new();
        for row in rows {
            if let Err(problems) = row.input.checked() {
                plan.problems
                    .extend(problems.into_iter().map(|problem| (row.line, problem)));
                continue;
            }
            let external_id = row.input.external_id.trim();
            let email = row
                .input
                .emails
                .first()
                .and_then(|email| folding::fold_email(email));
            let known = if external_id.is_empty() {
                email.as_ref().and_then(|email| by_email.get(email))
            } else {
                by_external_id.get(external_id)
            };
            let Some(known) = known else {
                plan.add.push(row);
                continue;
            };
            if !seen.insert(known.id) {
                let message = format!("{} stands in the list twice", known.profile.display_name);
                plan.problems.push((
                    row.line,
                    FieldError {
                        field: "external_id".to_owned(),
                        message,
                    },
                ));
                continue;
            }
            let identities = staff
                .identities
                .get(&known.id)
                .map_or(&[][..], Vec::as_slice);
            let standing = PersonInput::of(known, identities);
            let input = filled_up(row.input, &standing);
            if input == standing {
                plan.same += 1;
            } else {
                plan.change.push((
                    (*known).clone(),
                    ImportRow {
                        line: row.line,
                        input,
                    },
                ));
            }
        }
        Ok(plan)
    }

    /// Applies a plan as one change set. All or nothing.
    pub async fn apply_import(
        &self,
        actor: &Actor,
        plan: &ImportPlan,
        reason: Option<String>,
    ) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        if let Some((line, problem)) = plan.problems.first() {
            return Err(Error::field(
                Code::PersonInvalid,
                &problem.field,
                format!("line {line}: {}", problem.message),
            ));
        }
        let directory = self.directory(actor).await?;
        let mut lines = Vec::new();
        for row in &plan.add {
            if let Ok(checked) = row.input.checked() {
                lines.extend(self.lines_to_add(directory, checked).1);
            }
        }
        for (person, row) in &plan.change {
            if let Ok(checked) = row.input.checked() {
                lines.extend(self.lines_to_edit(actor, person, checked).await?);
            }
        }
        self.apply(actor, lines, reason, false).await
    }
}

/// The row with what it leaves empty taken from what stands.
fn filled_up(row: PersonInput, standing: &PersonInput) -> PersonInput {
    let or = |new: String, old: &String| {
        let new = new.trim();
        if new.is_empty() {
            old.clone()
        } else {
            new.to_owned()
        }
    };
    let or_all = |new: Vec<String>, old: &Vec<String>| {
        if new.iter().all(|text| text.trim().is_empty()) {
            old.clone()
        } else {
            new
        }
    };
    PersonInput {
        external_id: or(row.external_id, &standing.external_id),
        display_name: or(row.display_name, &standing.display_name),
        given_name: or(row.given_name, &standing.given_name),
        family_name: or(row.family_name, &standing.family_name),
        emails: or_all(row.emails, &standing.emails),
        username: or(row.username, &standing.username),
        extension: or(row.extension, &standing.extension),
        phones: or_all(row.phones, &standing.phones),
        employee_number: or(row.employee_number, &standing.employee_number),
        title: or(row.title, &standing.title),
        department: or(row.department, &standing.department),
    }
}
