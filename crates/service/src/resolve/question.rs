//! What is asked.

use counterpart_model::{Code, CrmUserId, PersonId, Timestamp};

use crate::{Error, Result};

/// The most questions that are answered at once.
pub const MOST_QUESTIONS: usize = 1_000;

/// The most bytes of a key by which somebody is asked for.
const LONGEST_KEY: usize = 1_024;

/// Who is whom?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// In which connection, by id or name; in any without it. A CRM user's id means something
    /// in one connection only, and needs it.
    pub connection: Option<String>,
    /// Of whom.
    pub subject: Subject,
    /// When: an instant of the past, the present or the future; now without it.
    pub at: Option<Timestamp>,
}

/// By what somebody is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A person, by id.
    Person(PersonId),
    /// A person, by the id of the platform or an HR system, compared byte by byte.
    ExternalId(String),
    /// A person, by an address of the profile, or one that is an identity at the instant;
    /// compared folded.
    Email(String),
    /// A person, by the extension that is theirs at the instant.
    Extension {
        /// The extension, compared byte by byte.
        value: String,
        /// Of which phone system, by id or name of its connection; of any without it.
        platform: Option<String>,
    },
    /// A CRM user, by its id in any form the provider knows: which people is it?
    CrmUser(CrmUserId),
}

impl Subject {
    /// Its name in questions: the API's, the command line's.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::ExternalId(_) => "external_id",
            Self::Email(_) => "email",
            Self::Extension { .. } => "extension",
            Self::CrmUser(_) => "crm_user",
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Person(_) => None,
            Self::ExternalId(text) | Self::Email(text) => Some(text),
            Self::Extension { value, .. } => Some(value),
            Self::CrmUser(id) => Some(&id.0),
        }
    }
}

/// Fails with the field that is wrong when a question makes no sense, or there are too many.
pub(super) fn check(questions: &[Question]) -> Result<()> {
    if questions.is_empty() || questions.len() > MOST_QUESTIONS {
        return Err(Error::new(
            Code::RequestInvalid,
            format!(
                "there are {} questions; send 1 to {MOST_QUESTIONS} at once",
                questions.len()
            ),
        ));
    }
    for (index, question) in questions.iter().enumerate() {
        if let Some((field, message)) = wrong(question) {
            let field = if questions.len() == 1 {
                field.to_owned()
            } else {
                format!("[{index}].{field}")
            };
            return Err(Error::field(Code::RequestInvalid, &field, message));
        }
    }
    Ok(())
}

fn wrong(question: &Question) -> Option<(&'static str, String)> {
    let field = question.subject.as_str();
    if let Some(text) = question.subject.text() {
        if text.trim().is_empty() {
            return Some((field, "is empty; say whom you look for".into()));
        }
        if text.len() > LONGEST_KEY {
            return Some((field, format!("is longer than {LONGEST_KEY} bytes")));
        }
        if text.contains('\0') {
            return Some((field, "holds the character U+0000; leave it out".into()));
        }
    }
    if matches!(question.subject, Subject::CrmUser(_)) && question.connection.is_none() {
        let message = "is missing; the id of a CRM user means something in one connection only";
        return Some(("connection", message.into()));
    }
    if question.at.is_some_and(|at| at.to_jiff().is_none()) {
        let message = "is no instant; write it like 2026-11-22T09:30:00Z, or leave it out for now";
        return Some(("at", message.into()));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(subject: Subject) -> Question {
        Question {
            connection: None,
            subject,
            at: None,
        }
    }

    #[test]
    fn senseless_questions_are_refused_with_the_field() {
        let fine = question(Subject::Email("a@b.example".into()));
        assert!(check(&vec![fine.clone(); MOST_QUESTIONS]).is_ok());
        assert!(check(&vec![fine.clone(); MOST_QUESTIONS + 1]).is_err());
        assert!(check(&[]).is_err());
        for (wrong, field) in [
            (
                question(Subject::CrmUser(CrmUserId("7".into()))),
                "connection",
            ),
            (question(Subject::ExternalId(" ".into())), "external_id"),
            (question(Subject::Email("a\0".into())), "email"),
            (
                question(Subject::ExternalId("x".repeat(1_025))),
                "external_id",
            ),
            (
                Question {
                    at: Some(Timestamp::FOREVER),
                    ..fine.clone()
                },
                "at",
            ),
        ] {
            let alone = check(std::slice::from_ref(&wrong)).expect_err(field);
            assert_eq!(alone.fields()[0].field, field);
            let second = check(&[fine.clone(), wrong]).expect_err(field);
            assert_eq!(second.fields()[0].field, format!("[1].{field}"));
        }
    }
}
