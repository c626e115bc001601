/** What ordinary builds print, written for the test that no mask touches it. */
export const ordinaryOutput = `
npm warn deprecated inflight@1.0.6: This module is not supported, and leaks memory.
added 412 packages, and audited 413 packages in 9s
found 0 vulnerabilities
> shop@2.4.1 build
> tsc -p . && node scripts/build.mjs
npm error code ELIFECYCLE
npm error errno 1
  Determining projects to restore...
  Restored /agent/_work/1/s/src/Shop.Api/Shop.Api.csproj (in 1.2 sec).
  Shop.Api -> /agent/_work/1/s/src/Shop.Api/bin/Release/net8.0/Shop.Api.dll
/agent/_work/1/s/src/Shop.Api/Startup.cs(41,17): warning CS8602: Dereference of a possibly null reference.
Passed!  - Failed:     0, Passed:   128, Skipped:     2, Total:   130, Duration: 3 s
Build succeeded.
    0 Warning(s)
    0 Error(s)
Time Elapsed 00:00:11.04
remote: Enumerating objects: 57, done.
Receiving objects: 100% (57/57), 12.32 KiB | 6.16 MiB/s, done.
From https://dev.azure.com/contoso/shop/_git/api
 * branch            main       -> FETCH_HEAD
HEAD is now at 3f2504e Merge pull request 128 from feature/login into main
diff --git a/appsettings.json b/appsettings.json
@@ -1,4 +1,4 @@
-    "port": 8080,
+    "port": 5432,
Terraform will perform the following actions:
  # azurerm_key_vault_secret.db will be updated in-place
  ~ resource "azurerm_key_vault_secret" "db" {
        id           = "https://contoso-kv.vault.azure.net/secrets/db/0f1e2d3c"
      ~ value        = (sensitive value)
        tags         = {}
    }
Plan: 0 to add, 1 to change, 0 to destroy.
Apply complete! Resources: 0 added, 1 changed, 0 destroyed.
{
  "name": "shop",
  "enabled": true,
  "ssl": false,
  "port": 5432,
  "environment": "production",
  "user": "admin",
  "password": null,
  "settings": {
  },
  "items": [
    "true",
    "default"
  ]
}
}
]
},
-----BEGIN CERTIFICATE-----
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
-----END PRIVATE KEY-----
-----BEGIN RSA PRIVATE KEY-----
-----END RSA PRIVATE KEY-----
Bag Attributes
    friendlyName: www
subject=CN = www.contoso.example
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels: {}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: api
          image: contoso.azurecr.io/shop/api:2.4.1
          env:
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: db
                  key: password
---
Enter password for user admin:
Connecting to localhost:5432 as user root (database main, ssl false) ...
[default]
region = westeurope
output = json
password:
username: admin
https://localhost:5001/health returned 200 OK, status: Healthy
Server=localhost;Port=5432
key=value; a=1; b=2
true false null none yes no
1 2 3 4 5 10 100 1000
==================================================
`.trim();

/** Secrets as teams keep them: many hold words that the output above shows too. */
export const realisticSecrets: Readonly<Record<string, string>> = {
  'db-config': JSON.stringify(
    {
      name: 'shop-db',
      host: 'localhost',
      port: 5432,
      user: 'admin',
      password: 'not-a-real-password-1',
      ssl: false,
      enabled: true,
      environment: 'production',
      settings: {},
      items: ['true', 'default'],
      database: 'main',
    },
    null,
    2,
  ),
  'short-words': JSON.stringify({ password: 'admin', token: 'main', secret: 'true', key: 'api' }),
  'yaml-config':
    'kind: Secret\nusername: admin\npassword: not-a-real-password-2\nreplicas: 3\n---\nregion: northeurope\n',
  'ini-file': '[default]\nregion = northeurope\noutput = json\naws_secret_access_key = not-a-real-key-3\n',
  'connection-string': 'Server=localhost;Port=5432;Database=main;User ID=admin;Password=not-a-real-password-4;',
  'tls-cert':
    'Bag Attributes\n    friendlyName: www\n-----BEGIN PRIVATE KEY-----\nbm90LWEtcmVhbC1rZXk\n-----END PRIVATE KEY-----\n' +
    '-----BEGIN CERTIFICATE-----\nbm90LWEtcmVhbC1jZXJ0\n-----END CERTIFICATE-----\n',
  'rsa-key': '-----BEGIN RSA PRIVATE KEY-----\nbm90LWEtcmVhbC1yc2Eta2V5\n-----END RSA PRIVATE KEY-----\n',
  'xml-config':
    '<?xml version="1.0"?>\n<configuration>\n  <add key="password" value="not-a-real-5" />\n</configuration>\n',
  'empty-json': '{\n}\n',
  blank: '   \n',
};
