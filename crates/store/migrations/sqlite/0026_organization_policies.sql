-- Signing policies that were written in an organization's name: they are the organization's, and no account's.
ALTER TABLE policies ADD COLUMN organization_id TEXT REFERENCES organizations (id);
CREATE UNIQUE INDEX policies_organization ON policies (organization_id, name, version);
