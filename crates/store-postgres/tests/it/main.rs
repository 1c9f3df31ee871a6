//! Tests of the PostgreSQL store on a real server.

mod database;
mod differential;
mod nodes;
mod schema;
mod secrets;

mod conformance {
    //! What every store must do.

    counterpart_store::conformance_suite!(crate::database::open);
}
