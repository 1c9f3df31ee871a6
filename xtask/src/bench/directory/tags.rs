//! What was done to a true pair, by name.

use std::fmt;

macro_rules! tags {
    ($($(#[doc = $meaning:literal])+ $variant:ident = $name:literal,)+) => {
        /// One thing that a true pair's two records differ in, or agree in, by design.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Tag {
            $($(#[doc = $meaning])+ $variant,)+
        }

        impl Tag {
            pub(super) const ALL: &[Self] = &[$(Self::$variant),+];

            /// As `truth.csv` has it.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it means, in one line.
            pub(super) fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($meaning),+).trim_ascii()),+ }
            }
        }
    };
}

tags! {
    /// e-mail equal on both sides
    EmailSame = "email_same",
    /// e-mail equal but for upper and lower case
    EmailCase = "email_case",
    /// the CRM's e-mail has a plus-tag
    EmailPlus = "email_plus",
    /// the CRM's e-mail is built by another pattern, as flast for first.last
    EmailPattern = "email_pattern",
    /// the CRM's e-mail is at the domain from before a merger
    EmailDomain = "email_domain",
    /// no e-mail in the CRM
    EmailMissing = "email_missing",
    /// a private address in the CRM
    EmailPrivate = "email_private",
    /// the CRM's e-mail is mistyped
    EmailTypo = "email_typo",
    /// the CRM is a sandbox that put `.invalid` behind its e-mails
    EmailSandbox = "email_sandbox",
    /// the CRM is a sandbox that put its name behind usernames
    UsernameSandbox = "username_sandbox",
    /// a short form of the given name on one side
    Nickname = "nickname",
    /// another spelling of a Latin name, as Sara for Sarah
    Spelling = "spelling",
    /// another romanisation of a name in another script
    Romanisation = "romanisation",
    /// the native script on one side
    Script = "script",
    /// diacritics stripped or spelled out on one side
    Diacritics = "diacritics",
    /// a name is mistyped
    Typo = "typo",
    /// another family name since a marriage
    Married = "married",
    /// the second family name is missing on one side
    SecondFamily = "second_family",
    /// given and family name swapped
    Swapped = "swapped",
    /// the full name is written "Last, First"
    Comma = "comma",
    /// only the initial of the given name
    Initial = "initial",
    /// a middle name or initial on one side
    Middle = "middle",
    /// an academic or other title in the full name
    Honorific = "honorific",
    /// the name in capitals
    Capitals = "capitals",
    /// the same phone number in another notation
    PhoneNotation = "phone_notation",
    /// another phone number in the CRM
    PhoneOther = "phone_other",
    /// no phone number in the CRM
    PhoneMissing = "phone_missing",
    /// the CRM has the company's main number
    PhoneSwitchboard = "phone_switchboard",
    /// the job title is abbreviated
    TitleShort = "title_short",
    /// another job title
    TitleOther = "title_other",
    /// another department, or another word for it
    DepartmentOther = "department_other",
    /// another city in the CRM
    LocationOther = "location_other",
    /// another manager in the CRM
    ManagerOther = "manager_other",
    /// employee id equal on both sides
    IdSame = "id_same",
    /// the same employee id without its letter and leading zeros
    IdNotation = "id_notation",
    /// somebody else has this person's employee id in the CRM
    ReusedSeat = "reused_seat",
    /// the CRM has a deactivated duplicate of the person
    Duplicate = "duplicate",
    /// works for another company, with an address there
    Contractor = "contractor",
    /// the true counterpart is deactivated
    Inactive = "inactive",
    /// one of several near namesakes in one company
    Namesake = "namesake",
}

/// A set of tags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tags(u64);

impl Tags {
    pub(super) fn add(&mut self, tag: Tag) {
        self.0 |= 1 << tag as u64;
    }

    pub(super) fn clear(&mut self, tag: Tag) {
        self.0 &= !(1 << tag as u64);
    }

    pub(super) fn has(self, tag: Tag) -> bool {
        self.0 & (1 << tag as u64) != 0
    }
}

impl fmt::Display for Tags {
    /// Names with spaces between them, in the order of [`Tag::ALL`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for tag in Tag::ALL.iter().filter(|tag| self.has(**tag)) {
            write!(f, "{space}{}", tag.name())?;
            space = " ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Tag, Tags};

    #[test]
    fn a_set_writes_its_names_in_order() {
        let mut tags = Tags::default();
        tags.add(Tag::Typo);
        tags.add(Tag::EmailSame);
        tags.add(Tag::Namesake);
        assert_eq!(tags.to_string(), "email_same typo namesake");
        assert!(tags.has(Tag::Typo) && !tags.has(Tag::Comma));
    }

    #[test]
    fn all_tags_fit_into_a_set_and_say_what_they_mean() {
        assert!(Tag::ALL.len() <= 64);
        assert!(Tag::ALL.iter().all(|tag| !tag.meaning().is_empty()));
    }
}
