//! Tenant, people, roles, calendars, policies, devices, sign-in, audit.
