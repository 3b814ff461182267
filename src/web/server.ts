import { type FastifyInstance, fastify, LogController } from 'fastify'
import { addTuneApi } from './api/tuneApi.ts'
import { addWebhooks } from './api/webhooks.ts'
import { addFeeds } from './feeds/feedPages.ts'
import { addOriginCheck } from './limits/origin.ts'
import { addPatience } from './limits/patience.ts'
import { addAdmin } from './operator/admin.ts'
import { addHealth } from './operator/health.ts'
import { addMetrics } from './operator/metrics.ts'
import { addLandingPage } from './public/landingPage.ts'
import { addPaperPage } from './public/paperPage.ts'
import { addSearchPage } from './public/searchPage.ts'
import { addThumbnailPage } from './public/thumbnailPage.ts'
import { addTrendingPage } from './public/trendingPage.ts'
import { addAssets } from './site/assets.ts'
import { addCompression } from './site/compression.ts'
import { addErrorPages, answerUnreadable, showError } from './site/errorPages.ts'
import { refuseOtherMethods } from './site/methods.ts'
import { addRequestLog, loggerFor } from './site/requestLog.ts'
import { addSecurity } from './site/security.ts'
import { createSite, type WebDeps } from './site/site.ts'
import { trustedAddresses } from './site/trustedProxies.ts'
import { createViews } from './site/views.ts'
import { addAddressPages } from './subscriber/address/addressPages.ts'
import { addConfirmPages } from './subscriber/confirmPage.ts'
import { addDataPages } from './subscriber/dataPages.ts'
import { addDigestPages } from './subscriber/digestPage.ts'
import { addJudgePages } from './subscriber/judgePage.ts'
import { addPreferencesLinkPage } from './subscriber/preferencesLinkPage.ts'
import { addPreferencesPage } from './subscriber/preferencesPage.ts'
import { addSavedPage } from './subscriber/savedPage.ts'
import { addSayPage } from './subscriber/sayPage.ts'
import { addSessionPages } from './subscriber/sessionPages.ts'
import { addTastePages } from './subscriber/tastePages.ts'
import { addUnsubscribePages } from './subscriber/unsubscribePage.ts'

const KB = 1024

/**
 * Builds the web server; the caller listens and closes. No GET or HEAD changes anything anywhere.
 * X-Forwarded-For is believed only from TRUSTED_PROXIES, so that no client can choose its own address.
 */
export async function buildServer(deps: WebDeps): Promise<FastifyInstance> {
  const site = createSite(deps, createViews())
  const server = fastify({
    loggerInstance: loggerFor(deps.log),
    // Its own lines would hold addresses, and with them secret tokens: see requestLog.ts.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 256 * KB,
    frameworkErrors: (_error, request, reply) => answerUnreadable(site, request, reply),
    trustProxy: trustedAddresses(deps.config.trustedProxies),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  }) as unknown as FastifyInstance
  addPatience(server)
  addRequestLog(server)
  addErrorPages(server, site)
  addCompression(server)
  await addSecurity(server, site)
  addOriginCheck(server, site.config.publicUrl, (request, reply) => showError(site, request, reply, 403))
  const addOthers = refuseOtherMethods(server, (request, reply) => showError(site, request, reply, 405))
  await addAssets(server)
  addLandingPage(server, site)
  addConfirmPages(server, site)
  addAddressPages(server, site)
  addPreferencesLinkPage(server, site)
  addPreferencesPage(server, site)
  addSessionPages(server, site)
  addSayPage(server, site)
  addSavedPage(server, site)
  addJudgePages(server, site)
  addTastePages(server, site)
  addDataPages(server, site)
  addUnsubscribePages(server, site)
  addDigestPages(server, site)
  addTrendingPage(server, site)
  addSearchPage(server, site)
  addPaperPage(server, site)
  addThumbnailPage(server, site)
  addFeeds(server, site)
  addTuneApi(server, site)
  addWebhooks(server, site)
  addHealth(server, site)
  addMetrics(server, site)
  await addAdmin(server, site)
  addOthers()
  return server
}
