#!/usr/bin/env bash
# Publishes a VSIX with a short-lived Entra token of whoever is logged in to the Azure CLI; no personal access token exists.
#   scripts/release/publish.sh extension.vsix                          for everyone
#   scripts/release/publish.sh extension.vsix --share-with contoso     a private extension, for one organization
set -euo pipefail
vsix=${1:?the path of the VSIX is missing}
shift

# No extension with links or a publisher that may be someone else's.
npm run --silent check:publishable -- "$vsix"

# The application id of Azure DevOps (Microsoft Learn, "Microsoft Entra authentication with Azure DevOps").
azure_devops=499b84ac-1321-427f-aa17-267ca6975798
token=$(az account get-access-token --resource "$azure_devops" --query accessToken --output tsv)
if [ -n "${GITHUB_ACTIONS:-}" ]; then echo "::add-mask::$token"; fi
if [ -n "${TF_BUILD:-}" ]; then echo "##vso[task.setsecret]$token"; fi

npx --no-install tfx extension publish --vsix "$vsix" --auth-type pat --token "$token" --no-prompt --no-color "$@"
