//! Inbox and delivery.
