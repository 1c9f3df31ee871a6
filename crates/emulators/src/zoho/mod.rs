//! What the products of one vendor share: the accounts server, the envelope of errors, and the
//! whole record API of those that are built on the CRM's.
//!
//! A product's own folder says what differs ([`Product`]). An emulator answers for one product or
//! for several at one address: a grant whose scopes name several products works at each of them,
//! as with the vendor's suite subscription.

mod accounts;
mod calls;
mod consent;
mod criteria;
mod draft;
mod errors;
mod fields;
mod find;
mod list;
mod modules;
mod notes;
mod organization;
mod people;
mod product;
mod rows;
mod scopes;
pub(crate) mod seeded;
mod users;
mod watch;
mod write;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use self::accounts::{BadToken, CLIENT_ID, CLIENT_SECRET, GRANT_CODE, Grants};
pub(crate) use self::errors::refuse;
pub(crate) use self::fields::Field;
pub(crate) use self::modules::{Module, Rules, Source};
pub(crate) use self::product::CrmProduct;
pub(crate) use self::scopes::Need;
pub(crate) use self::users::{number_ids, zuid};
use crate::answer::{Answer, ApiRequest};
use crate::control::{GrantCode, Happening, SentWebhook};
use crate::core::{Core, Provider, Refusal};
use crate::faults::Place;

/// What all products of an emulator stand on.
#[derive(Debug)]
pub(crate) struct Estate {
    pub(crate) core: Arc<Core>,
    pub(crate) grants: Grants,
    /// The product the emulator is named after.
    main: &'static str,
    /// How many records were made.
    made: AtomicU64,
}

impl Estate {
    /// A fresh id: nineteen digits, beyond the ranges of what is seeded.
    pub(crate) fn next_id(&self) -> String {
        let nth = self.made.fetch_add(1, Ordering::Relaxed);
        (5_725_767_000_009_000_000 + nth).to_string()
    }

    /// What a record that a client wrote is called: the vendor's word, after the product's where
    /// it is a guest, for two products have modules of one name.
    pub(crate) fn kind(&self, product: &str, module: &str) -> String {
        if product == self.main {
            module.to_owned()
        } else {
            format!("{product}/{module}")
        }
    }
}

/// One product: its part of the paths and what it answers there.
pub(crate) trait Product: Sync {
    /// Its name within the emulator.
    fn name(&self) -> &'static str;

    /// What the request is for; `None` when the path is not this product's.
    fn place(&self, estate: &Estate, request: &ApiRequest) -> Option<Place>;

    /// The answer; `None` when the path is not this product's.
    fn answer(&self, estate: &Estate, request: &ApiRequest) -> Option<Answer>;

    /// Its words for a refusal.
    fn refuse(&self, refusal: Refusal) -> Answer;

    /// How it tells others of what happened.
    fn webhook(
        &self,
        estate: &Estate,
        what: &Happening,
        url: &str,
        secret: &str,
    ) -> Option<SentWebhook>;
}

/// The accounts server with the products behind it. The first product is the one the emulator is
/// named after.
pub(crate) struct Suite {
    estate: Estate,
    main: &'static dyn Product,
    guests: &'static [&'static dyn Product],
}

impl Suite {
    /// A suite whose printed code allows `scope`.
    pub(crate) fn new(
        core: Arc<Core>,
        scope: &'static str,
        main: &'static dyn Product,
        guests: &'static [&'static dyn Product],
    ) -> Self {
        let grants = Grants::new(&core, scope);
        let estate = Estate {
            core,
            grants,
            main: main.name(),
            made: AtomicU64::new(1),
        };
        Self {
            estate,
            main,
            guests,
        }
    }

    fn products(&self) -> impl Iterator<Item = &'static dyn Product> {
        std::iter::once(self.main).chain(self.guests.iter().copied())
    }
}

impl Provider for Suite {
    fn place(&self, request: &ApiRequest) -> Place {
        if request.segments().first() == Some(&"oauth") {
            return Place::Token;
        }
        self.products()
            .find_map(|product| product.place(&self.estate, request))
            .unwrap_or(Place::Other)
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        let Estate { core, grants, .. } = &self.estate;
        match request.segments().as_slice() {
            ["oauth", "v2", "auth"] => return consent::consent(core, grants, request),
            ["oauth", "v2", "token"] => return accounts::token(core, grants, request),
            ["oauth", "v2", "token", "revoke"] => return accounts::revoke(grants, request),
            _ => {}
        }
        self.products()
            .find_map(|product| product.answer(&self.estate, request))
            .unwrap_or_else(|| errors::ApiError::url_pattern().answer())
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        match refusal {
            Refusal::WrongCredentials => errors::token_error("invalid_client"),
            refusal => self.main.refuse(refusal),
        }
    }

    fn expire_tokens(&self) {
        self.estate.grants.expire_access();
    }

    fn issue_grant_code(&self, scope: Option<&str>) -> Option<GrantCode> {
        Some(self.estate.grants.issue_code(&self.estate.core, scope))
    }

    fn webhook(&self, what: &Happening, url: &str, secret: &str) -> Option<SentWebhook> {
        self.main.webhook(&self.estate, what, url, secret)
    }
}
