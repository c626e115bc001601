/** `npm run azure`: the simulated Azure with Contoso in it, until Ctrl-C. See simulation/README.md. */
import { openWorkplace } from '../../simulation/workplace';
import { fillVault } from '../demo/contoso-vault';

async function main(): Promise<void> {
  const place = await openWorkplace();
  const { azure, contoso } = place;
  fillVault(place);
  const { proxyUrl } = await azure.connectFrom({ addresses: ['20.50.1.10'] });
  process.stdout.write(`The simulated Azure is running. Ctrl-C ends it.

To reach it from another shell:
  export HTTPS_PROXY=${proxyUrl} NODE_EXTRA_CA_CERTS=${azure.caFile} REQUESTS_CA_BUNDLE=${azure.caFile} SSL_CERT_FILE=${azure.caFile}
  export AZURE_TENANT_ID=${contoso.tenant.id} AZURE_CLIENT_ID=${contoso.application.clientId} AZURE_CLIENT_SECRET=${contoso.clientSecret}

Subscription: ${contoso.subscription.id}
Vault:        ${contoso.vaultUri} (its firewall refuses everyone; this proxy connects from 20.50.1.10)

Try:
  curl --include ${contoso.vaultUri}healthstatus
  az login --service-principal --tenant $AZURE_TENANT_ID --username $AZURE_CLIENT_ID --password $AZURE_CLIENT_SECRET
  npm run agent -- examples/private-vault.yml --real --subscription ${contoso.subscription.id}
`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  await place.stop();
}

void main();
