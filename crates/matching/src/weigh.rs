//! What agreement is worth: the fields and their levels, the weights that the data teaches, and the
//! probabilities that follow where each record has at most one counterpart.

pub(crate) mod edges;
pub(crate) mod fields;
pub(crate) mod learn;
pub(crate) mod marginals;
pub(crate) mod model;
