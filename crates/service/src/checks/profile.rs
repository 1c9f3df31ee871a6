//! Whether an account's profile is complete, and whether records can be given to it: as far as
//! reading it can tell.

use std::collections::BTreeSet;

use counterpart_connector::Connector;
use counterpart_manifest::Activity;
use counterpart_model::activity::Owner;
use counterpart_model::check::{Check, CheckResult, FixPlace};
use counterpart_model::{
    Connection, CrmUserId, CrmUserKind, CrmUserProfile, CrmUserState, Person, folding,
};

/// An account as the CRM told of it just now.
#[derive(Clone, Copy)]
pub(super) struct Account<'a> {
    pub(super) connector: &'a dyn Connector,
    pub(super) connection: &'a Connection,
    pub(super) person: &'a Person,
    pub(super) id: &'a CrmUserId,
    pub(super) profile: &'a CrmUserProfile,
}

impl Account<'_> {
    /// Everything that its profile shows. What the CRM does not tell of anybody is absent.
    pub(super) fn checks(&self) -> Vec<Check> {
        let fields = &self.connector.manifest().users.fields;
        let mut checks = vec![self.active(), self.kind()];
        checks.extend(self.invitation());
        checks.push(self.name());
        if !fields.emails.is_empty() {
            checks.push(self.email());
        }
        if !fields.licence.is_empty() {
            checks.push(self.licence());
        }
        if !fields.role.is_empty() {
            checks.push(self.role());
        }
        checks.extend(self.owner_ids());
        checks.extend(self.log_as());
        checks
    }

    /// The account as the owner of a record.
    pub(super) fn owner(&self) -> Owner {
        Owner {
            id: self.id.clone(),
            other_ids: self.profile.other_ids.clone(),
            username: self.profile.username.clone(),
            email: self.profile.emails.first().cloned(),
            display_name: Some(self.profile.display_name.clone()),
        }
    }

    fn check(&self, name: &str, title: &str, result: CheckResult, evidence: String) -> Check {
        let check = Check::new(name, title, result, evidence);
        let settings = &self.connection.settings;
        match self.connector.user_link(settings, self.id) {
            Some(link) if result != CheckResult::Pass => {
                let product = &self.connector.manifest().title;
                let whose = format!("{}'s profile in {product}", self.shown());
                check.fix(whose, FixPlace::Vendor(link))
            }
            _ => check,
        }
    }

    /// The name to speak of it by.
    fn shown(&self) -> &str {
        let name = self.profile.display_name.trim();
        if name.is_empty() { &self.id.0 } else { name }
    }

    fn active(&self) -> Check {
        let title = "The account is active";
        let (result, evidence) = match self.profile.state {
            CrmUserState::Active => (CheckResult::Pass, "it can be worked with"),
            CrmUserState::Invited => (CheckResult::Warn, "it is invited, and not yet used"),
            CrmUserState::Inactive => (CheckResult::Fail, "it is deactivated"),
            CrmUserState::Deleted => (CheckResult::Fail, "it is deleted"),
        };
        let check = self
            .check("active", title, result, evidence.to_owned())
            .why("Many CRMs refuse records for an inactive owner, or give them to somebody else.");
        match result {
            CheckResult::Pass => check,
            _ => check.remedy(
                "Activate the account in the CRM; if the person left, or has another account, end or move the mapping.",
            ),
        }
    }

    fn kind(&self) -> Check {
        let title = "It is a person's account";
        let (result, evidence) = match self.profile.kind {
            CrmUserKind::Person => (CheckResult::Pass, "a human being's"),
            CrmUserKind::Api => (CheckResult::Fail, "an integration's account"),
            CrmUserKind::Queue => (CheckResult::Fail, "a queue or team, nobody's own"),
            CrmUserKind::Portal => (CheckResult::Fail, "a customer's or partner's login"),
            CrmUserKind::Shared => (CheckResult::Warn, "a login that several people use"),
        };
        let check = self
            .check("kind", title, result, evidence.to_owned())
            .why("What is logged under it would count for nobody, or for everybody.");
        match result {
            CheckResult::Pass => check,
            CheckResult::Warn => {
                check.remedy("Mark it as a shared seat, or map the person's own account.")
            }
            _ => check.remedy("Map the person's own account instead."),
        }
    }

    /// Whether the invitation was accepted; nothing where the CRM never tells of invitations.
    fn invitation(&self) -> Option<Check> {
        let invites = self.connector.manifest().users.state.iter();
        let is_invited = self.profile.state == CrmUserState::Invited;
        if !is_invited && !invites.into_iter().any(|it| it.is == CrmUserState::Invited) {
            return None;
        }
        let title = "The invitation is accepted";
        let why = "Until then the account can do nothing, and some CRMs leave it out of lists.";
        Some(if is_invited {
            self.check(
                "invitation",
                title,
                CheckResult::Fail,
                "it is still open".to_owned(),
            )
            .why(why)
            .remedy("Let the person accept the invitation, or have the CRM send it again.")
        } else {
            let evidence = "it is".to_owned();
            self.check("invitation", title, CheckResult::Pass, evidence)
                .why(why)
        })
    }

    fn name(&self) -> Check {
        let title = "It has a name";
        let name = self.profile.display_name.trim();
        let is_address = folding::fold_email(name).is_some();
        let is_id = name.is_empty() || name == self.id.0;
        let result = if is_address || is_id {
            CheckResult::Warn
        } else {
            CheckResult::Pass
        };
        let evidence = match name {
            "" => "the name is empty".to_owned(),
            name if result == CheckResult::Warn => format!("where a name belongs stands {name}"),
            name => name.to_owned(),
        };
        let check = self
            .check("name", title, result, evidence)
            .why("It stands on everything the account owns, and is evidence of whose it is.");
        match result {
            CheckResult::Pass => check,
            _ => check.remedy("Enter the given and the family name in the CRM, then sync."),
        }
    }

    fn email(&self) -> Check {
        let title = "It has an e-mail address";
        let why =
            "Matching begins with it, and telephone add-ons of several CRMs find their user by it.";
        let Some(address) = self.profile.emails.first() else {
            return self
                .check(
                    "email",
                    title,
                    CheckResult::Warn,
                    "none is shown".to_owned(),
                )
                .why(why)
                .remedy("Enter the person's address in the CRM, or let the API user see it.");
        };
        let theirs = self.person.email_keys();
        let mut here = self.profile.emails.iter();
        let is_known = here
            .any(|address| folding::fold_email(address).is_some_and(|key| theirs.contains(&key)));
        let evidence = match (is_known, theirs.is_empty()) {
            (true, _) => format!("{address}, as on the platform"),
            (false, true) => format!("{address}; on the platform none is known"),
            (false, false) => format!(
                "{address}; on the platform it is {}, which the mapping does not mind",
                self.person.profile.emails.join(", ")
            ),
        };
        self.check("email", title, CheckResult::Pass, evidence)
            .why(why)
    }

    fn licence(&self) -> Check {
        let title = "It has a licence";
        let why = "Without one most CRMs let an account own or see nothing.";
        match &self.profile.licence {
            Some(licence) => self
                .check("licence", title, CheckResult::Pass, licence.clone())
                .why(why),
            None => self
                .check(
                    "licence",
                    title,
                    CheckResult::Warn,
                    "none is shown".to_owned(),
                )
                .why(why)
                .remedy("Give the account a licence in the CRM, or let the API user see licences."),
        }
    }

    fn role(&self) -> Check {
        let title = "It has a role";
        let why = "The role decides what the account may own, and what the person sees of it.";
        match &self.profile.role {
            Some(role) => self
                .check("role", title, CheckResult::Pass, role.clone())
                .why(why),
            None => self
                .check("role", title, CheckResult::Warn, "none is shown".to_owned())
                .why(why)
                .remedy("Give the account a role in the CRM; reports and sharing go by it."),
        }
    }

    /// How this connection writes each kind of record.
    fn written(&self) -> Vec<&Activity> {
        let settings = &self.connection.settings;
        let manifest = self.connector.manifest();
        let kinds: BTreeSet<_> = manifest.activities.iter().map(|it| it.kind).collect();
        let of_kind = |kind| manifest.activity_of(kind, settings);
        kinds.into_iter().filter_map(of_kind).collect()
    }

    /// Whether every kind of id is there under which records are written; nothing where no
    /// records are, or where they go by the id that lists have.
    fn owner_ids(&self) -> Option<Check> {
        let written = self.written();
        let mut kinds: Vec<_> = written
            .iter()
            .filter_map(|it| Some((it.owner_id.as_deref()?, it.title.as_str())))
            .collect();
        let impersonated = self.connector.manifest().impersonation.as_ref();
        let own_name = impersonated.and_then(|it| it.owner_id.as_deref());
        kinds.extend(own_name.map(|kind| (kind, "what is written in the owner's name")));
        if kinds.is_empty() {
            return None;
        }
        let owner = self.owner();
        let lacks = |(kind, _): &&(&str, &str)| owner.id_of_kind(Some(kind)).is_none();
        let title = "It has the right kind of id";
        let missing: Vec<_> = kinds.iter().filter(lacks).collect();
        let Some((kind, what)) = missing.first() else {
            let mut shown: Vec<_> = kinds
                .iter()
                .filter_map(|(kind, _)| Some(format!("{kind} {}", owner.id_of_kind(Some(kind))?)))
                .collect();
            shown.sort_unstable();
            shown.dedup();
            let evidence = format!("records go by its {}", shown.join(", "));
            return Some(self.check("id_kind", title, CheckResult::Pass, evidence));
        };
        let evidence = format!("{what} goes by a {kind}, and this account has none");
        let check = self.check("id_kind", title, CheckResult::Fail, evidence);
        Some(check.remedy(format!(
            "Give the account what makes it a {kind} in the CRM, then sync."
        )))
    }

    /// Whether records can be given to it, as far as reading can tell; nothing where no records
    /// are written.
    fn log_as(&self) -> Option<Check> {
        let written = self.written();
        if written.is_empty() {
            return None;
        }
        let title = "Records can be logged under it";
        let names: Vec<_> = written.iter().map(|it| it.title.as_str()).collect();
        let names = names.join(", ");
        if written.iter().all(|it| it.signed_in_owns) {
            let evidence = format!(
                "the CRM gives every {names} to the account that Counterpart signs in with; {}'s name stands in the text",
                self.shown()
            );
            return Some(self.check("log_as", title, CheckResult::Pass, evidence));
        }
        let owner = self.owner();
        let mut kinds = written.iter().map(|it| it.owner_id.as_deref());
        let has_ids = kinds.all(|kind| owner.id_of_kind(kind).is_some());
        let is_active = matches!(self.profile.state, CrmUserState::Active);
        let is_persons = matches!(self.profile.kind, CrmUserKind::Person | CrmUserKind::Shared);
        if has_ids && is_active && is_persons {
            let own_name = if written.iter().any(|it| it.impersonate) {
                ", in its own name where its rights allow that"
            } else {
                ""
            };
            let evidence = format!(
                "nothing that can be read speaks against it: {names}{own_name}; the canary proves it"
            );
            return Some(self.check("log_as", title, CheckResult::Pass, evidence));
        }
        let evidence = format!("{names}: see what failed above");
        let check = self.check("log_as", title, CheckResult::Fail, evidence);
        Some(check.remedy("Put right what failed above; it stands in the way."))
    }
}
