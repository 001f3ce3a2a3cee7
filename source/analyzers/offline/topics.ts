/** Words that name a topic, in the languages that have a lexicon. The phrase language is that of phrases.ts. */
export const topics: Readonly<Record<string, string>> = {
  login:
    'login|logins|signin|sso|2fa|mfa|logon; log|logging|logged|sign|signing|signed in|into|out; locked out; authenticat*; password|passwords|passcode; contrasena*; iniciar sesion; connexion; connecter; einloggen|anmelden|anmeldung; entrar; logar; ログイン; パスワード',
  sync: 'sync|syncs|syncing|synced|synchroniz*|synchronis*|sincroniz*; 同期',
  billing:
    'bill|bills|billed|billing|invoice|invoices|charge|charged|charges|payment|payments|overcharged|subscription|subscriptions; credit card; cobro|cobraron|cobrado|factura; abonnement|facture|facturation; rechnung*|abgebucht|abo; cobranca|assinatura; 請求; 課金',
  refund: 'refund|refunds|refunded; money back; reembolso|rembours*|ruckerstattung|erstattung; 返金',
  pricing:
    'price|prices|pricing|expensive|overpriced|cost|costs|discount|cheaper; free tier|plan; precio|caro|cher|prix|teuer|preis*|preco; 値上げ; 料金',
  performance:
    'slow|slower|slowly|lag|laggy|lagging|latency|performance|sluggish|timeout|timeouts; memory leak; cpu|battery; lento|lenta|lent|lente|langsam; 重い; 遅い',
  crash:
    'crash|crashes|crashed|crashing|freeze|freezes|freezing|frozen; force clos*; segfault; plante; absturz*|absturze; クラッシュ; フリーズ; 強制終了',
  mobile:
    'iphone|ipad|ios|android|phone|tablet|mobile|smartphone|smartphones|handy|movil|celular; app store; play store; アプリ; スマホ',
  desktop: 'desktop|windows|macos|mac|linux|laptop|ubuntu',
  web: 'browser|chrome|firefox|safari|website|webpage; web app|version|site',
  api: 'api|apis|endpoint|endpoints|webhook|webhooks|sdk|rest|graphql|oauth',
  integration: 'integration|integrations|integrate|integrates|plugin|plugins|extension|extensions|zapier',
  'data-loss':
    'data loss; lost|deleted|wiped|losing _ data|notes|files|photos|work|everything|documents; notes|files|data _ gone|disappeared|vanished|missing; perdi mis|meus|minhas; 消えた; 消えました',
  export: 'export|exports|exporting|exported|backup|backups; exportar|exporter|exportieren; エクスポート',
  import: 'import|imports|importing|imported',
  notifications: 'notification|notifications|notify|alerts|push; notificac*; benachrichtig*; 通知',
  search: 'search|searching|searches; busqueda|busca|recherche|suche; 検索',
  sharing: 'share|sharing|shared|collaborat*; compartir|partager|teilen|compartilhar; 共有',
  offline: 'offline',
  'dark-mode':
    'dark mode|theme; night mode; modo oscuro|escuro; mode sombre; dunkelmodus|darkmode; ダークモード',
  update:
    'update|updates|updated|updating|upgrade|upgraded|upgrading; new|latest|last version|release; actualizacion|atualizacao|maj; アップデート',
  install:
    'install|installing|installed|reinstall|reinstalled|installation|setup|instalar|installer|installieren',
  delay: 'delay|delays|delayed|late|waiting|waited; retraso|retard|verspat*|atraso|atrasado',
  cancellation:
    'cancel|cancels|cancelled|canceled|cancelling|canceling|cancellation; cancelar|resilier|kundigen|kundigung|解約',
  support:
    'support|helpdesk|ticket|tickets; customer|client service|care; on hold; atencion al; kundenservice|kundendienst; サポート',
  privacy: 'privacy|gdpr|tracking|trackers; personal data; privacidad|datenschutz',
  security:
    'security|vulnerab*|exploit*|hacked|breach|breaches|phishing|malware|xss|csrf|cve|ransomware|leak|leaked; seguridad|securite|sicherheit*|seguranca; 脆弱性; 流出',
  outage: 'outage|outages|down|downtime|unreachable|503|502|504; panne|caido|caida|ausfall|storung; 障害',
  email: 'email|emails|inbox|smtp|imap|newsletter',
  documentation: 'documentation|docs|documented|tutorial|readme|manual',
  migration: 'migrate|migrated|migrating|migration; switch|switched|switching to|from',
  accessibility: 'accessibility|voiceover|colorblind|contrast; screen reader|readers',
  storage: 'storage|quota|disk; gb|tb',
  baggage: 'bag|bags|baggage|luggage|suitcase',
  shipping: 'shipping|shipment|delivery|parcel|package',
  media: 'video|videos|audio|image|images|photo|photos|picture|pictures|camera|music',
  ads: 'ads|adverts|advert|advertising|commercials',
  spam: 'spam|spammer|spammers',
};
