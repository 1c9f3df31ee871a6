//! What every implementation of [`crate::Store`] must do.
