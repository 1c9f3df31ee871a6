//! The organization's people, by hand, by file, out of a CRM's user list, and as a phone system
//! has them.

mod editing;
mod file;
mod from_crm;
mod from_platform;
mod importing;
mod leaving;
mod looking;

pub use editing::PersonInput;
pub use file::FilePlan;
pub use importing::{ImportPlan, ImportRow};
pub use leaving::EndMappings;
pub(crate) use leaving::ended;
pub use looking::PersonView;
