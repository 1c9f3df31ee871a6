//! Views of the mapping that somebody keeps.

use counterpart_model::saved_view::{LONGEST_NAME, LONGEST_QUERY, MOST_VIEWS};
use counterpart_model::{AccountId, Code, Role, SavedView, SavedViewId, ViewPage, folding};

use crate::error::FieldError;
use crate::{Actor, Error, Result, Service};

/// A view that is to be kept.
#[derive(Debug, Clone, Default)]
pub struct ViewInput {
    /// What it is called: 1 to 60 characters, once among the views that its maker sees.
    pub name: String,
    /// Of which page.
    pub page: ViewPage,
    /// What the page is asked, without a question mark: at most 2,000 characters.
    pub query: String,
    /// Whether everybody in the organization sees it; only admins share views.
    pub shared: bool,
}

/// What is to be different about a view; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct ViewChange {
    /// What it is called.
    pub name: Option<String>,
    /// What the page is asked.
    pub query: Option<String>,
    /// Whether everybody sees it.
    pub shared: Option<bool>,
}

impl Service {
    /// The views that the actor sees, by name.
    pub async fn list_views(&self, actor: &Actor) -> Result<Vec<SavedView>> {
        Ok(self
            .store()
            .list_views(actor.organization(), actor.account())
            .await?)
    }

    /// A view that the actor sees.
    pub async fn view(&self, actor: &Actor, id: SavedViewId) -> Result<SavedView> {
        self.store()
            .find_view(actor.organization(), id)
            .await?
            .filter(|view| view.is_seen_by(actor.account()))
            .ok_or_else(|| Error::new(Code::RequestNotFound, format!("there is no view {id}")))
    }

    /// Keeps a view. Without an account, as with a token, it must be shared.
    pub async fn save_view(&self, actor: &Actor, input: ViewInput) -> Result<SavedView> {
        let view = SavedView {
            id: SavedViewId::generate(self.clock(), self.entropy()),
            account_id: actor.account(),
            name: input.name.trim().to_owned(),
            page: input.page,
            query: input.query.trim_start_matches('?').to_owned(),
            shared: input.shared,
            created_at: self.now(),
        };
        self.put_view(actor, view).await
    }

    /// Changes a view: one's own, or, as an admin, a shared one.
    pub async fn change_view(
        &self,
        actor: &Actor,
        id: SavedViewId,
        change: ViewChange,
    ) -> Result<SavedView> {
        let standing = self.view(actor, id).await?;
        refuse_others(actor, &standing)?;
        let view = SavedView {
            name: change
                .name
                .map_or(standing.name, |name| name.trim().to_owned()),
            query: change.query.map_or(standing.query, |query| {
                query.trim_start_matches('?').to_owned()
            }),
            shared: change.shared.unwrap_or(standing.shared),
            ..standing
        };
        self.put_view(actor, view).await
    }

    /// Forgets a view: one's own, or, as an admin, a shared one.
    pub async fn delete_view(&self, actor: &Actor, id: SavedViewId) -> Result<()> {
        let standing = self.view(actor, id).await?;
        refuse_others(actor, &standing)?;
        Ok(self.store().delete_view(actor.organization(), id).await?)
    }

    async fn put_view(&self, actor: &Actor, view: SavedView) -> Result<SavedView> {
        if view.shared {
            actor.require(Role::Admin)?;
        }
        let seen = self.list_views(actor).await?;
        let problems = problems(&view, &seen, actor.account());
        if !problems.is_empty() {
            return Err(Error::with_fields(Code::RequestInvalid, problems));
        }
        self.store().put_view(actor.organization(), &view).await?;
        Ok(view)
    }
}

/// A view of one's own is one's own; a shared one is any admin's.
fn refuse_others(actor: &Actor, view: &SavedView) -> Result<()> {
    if view.shared {
        actor.require(Role::Admin)
    } else {
        Ok(())
    }
}

fn problems(view: &SavedView, seen: &[SavedView], account: Option<AccountId>) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let mut refuse = |field: &str, message: String| {
        problems.push(FieldError {
            field: field.to_owned(),
            message,
        });
    };
    let others = || seen.iter().filter(|known| known.id != view.id);
    let key = folding::fold(&view.name);
    if key.is_empty() || view.name.chars().count() > LONGEST_NAME {
        refuse("name", format!("must have 1 to {LONGEST_NAME} characters"));
    } else if others().any(|known| folding::fold(&known.name) == key) {
        refuse("name", "is another view’s already".to_owned());
    }
    let is_odd = view.query.chars().any(char::is_control);
    if is_odd || view.query.chars().count() > LONGEST_QUERY {
        refuse(
            "query",
            format!("must be one line of at most {LONGEST_QUERY} characters"),
        );
    }
    if !view.shared && account.is_none() {
        refuse(
            "shared",
            "a token has no views of its own; share it".to_owned(),
        );
    }
    if others()
        .filter(|known| known.account_id == view.account_id)
        .count()
        >= MOST_VIEWS
    {
        refuse(
            "name",
            format!("there are {MOST_VIEWS} views already; delete one first"),
        );
    }
    problems
}
